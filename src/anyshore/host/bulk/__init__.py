"""A file of work for a service as one batch: rules decide its rows over columns, and only exceptions become work.

``deciding`` moves the rows, part by part, and enters the batch into the ledger; ``whole`` goes from the file to its
exceptions in their queues (``host.batched``); ``proving`` shows what was decided of a row.
"""
