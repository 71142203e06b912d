"""Review: people go through the items of a run, and what they decide is kept beside it.

    decisions   one line for each decision in OUT.reviews.jsonl, and the file that is only ever appended to
    contents    an item as a decision stores it, and when two items say the same
    standing    which decisions hold: undone ones do not, nor those about an item that has changed since
    queue       what there is to decide, doubtful items first
    correcting  a correction or an addition is held to the same rules as a model's answer
    speakers    the sources of an article, with those that reviewers named or corrected
    shelf       the records of a run, small enough in memory for large runs
    board       what one reviewer sees: the queue, entries, and what others decided
    desk        one reviewer at work: the operations that the web application offers
    answers     what the page is told
    guard       who may speak to the web application
    server      the web application
    apply       the records, or gold, as the decisions leave them
    agreement   how far two reviewers agree: Cohen's kappa

It changes no record in place and asks no model. The web application is for the person who started it, on the same
machine; it is no service for a network.
"""
