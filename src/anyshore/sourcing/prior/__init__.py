"""What the name or description of an activity alone says: O*NET task statements like it, and words of the trade.

Rooms: ``words`` (names in English or German to plain words), ``grams`` (weighted pieces of texts), ``tables`` (what is
derived from O*NET 30.1), ``reading`` (what a name says), ``build`` (makes the tables).
"""
