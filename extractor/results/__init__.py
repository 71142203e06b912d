"""What is done with records once they are written: review, report, ledger, evaluation, comparison, exports.

This layer reads records and other files of a run and answers with values and text. It asks no model and prints nothing.
"""
