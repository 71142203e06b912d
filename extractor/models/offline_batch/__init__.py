"""Batches by file: questions go out as request lines of the OpenAI Batch API, answers come in as response lines.

requests.py    request lines, in files that keep to the API's limits
responses.py   an index of response lines
model.py       a model that answers from the response lines, and puts what they do not answer among the requests
remote.py      files and batches at the server: submit, status, fetch

The seam is the HTTP transport, as in a cassette: a question becomes the very request that a live run would send, and
everything that a live run does with an answer (validation, re-asks, refusals, counting) happens here too.
"""
