"""Who works when: rosters that keep every rule of every person and cost the least.

Rooms: ``problem`` (what is asked), ``check`` (whether a roster keeps the rules, and its cost, counted apart from any
search), ``paths`` (the cheapest rows of a person against prices), ``master`` and ``generation`` (columns and the
programmes over them, by HiGHS), ``start`` (a first roster), ``bounds`` (what is cheap to know), ``search`` (all of it,
and large neighbourhoods made anew until time is up), ``draw`` (chance from a seed).
"""
