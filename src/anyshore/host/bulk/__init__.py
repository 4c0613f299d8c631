"""A file of work for a service as one batch: rules decide its rows over columns, and only exceptions become work.

``deciding`` moves the rows, part by part, and enters the batch into the ledger; ``placing`` puts the rows that stop
into their queues; ``living`` makes an instance of one when somebody pulls it; ``proving`` shows what was decided of a
row.
"""
