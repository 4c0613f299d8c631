"""What sending work out brings: a case of uncertain quantities, its money over the years, and how it comes true.

Rooms: ``distributions`` (a quantity as far as it is known), ``case`` (reading a case), ``cash`` (flows of one or many
draws), ``outcomes`` (percentiles, break-even, tornado), ``bridge`` and ``tracking`` (what came
of it, month by month), ``knowledge`` (what is no money).
"""
