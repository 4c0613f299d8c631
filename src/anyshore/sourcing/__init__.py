"""Which work goes out, as BPO or KPO, and to which shore: the client's portfolio against rules in DMN.

Rooms: ``portfolio`` (reading a client's activities), ``criteria`` (the ten criteria and their words), ``decide`` (the
rules applied), ``rules/`` (the DMN files, which a user can copy and change).
"""
