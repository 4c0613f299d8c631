"""Mail as people and machines send it: reading, cutting to what is new, telling people from machines, threading.

Nothing here fetches or sends: the channels of ``host`` do that. Whatever the bytes, reading ends with a mail or with
one ``DataError``; what cannot be decoded is kept and replaced, never dropped.
"""
