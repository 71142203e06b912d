"""`python -m extractor`: the same as `extractor`."""

from extractor.cli.main import main

if __name__ == "__main__":
    main()
