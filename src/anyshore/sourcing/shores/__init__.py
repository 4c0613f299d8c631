"""Which site: onshore, nearshore, offshore, seen from the client's place, with what is known and what is not.

Rooms: ``places`` (where, which clock, how far), ``daylight`` (hours both work), ``transfers`` (where personal data may
go), ``sites`` (the client's list of sites and rates), ``methods`` and ``smaa`` (ranking), ``ranking`` (all together).
"""
