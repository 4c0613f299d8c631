"""How much work comes and how many people it takes.

Rooms: ``counts`` (what came, from a file), ``forecast`` (what will come, and how right that was before), ``erlang``
(waiting in a queue), ``staffing`` (people needed by interval where people wait), ``backlog`` (hours of work against a
deadline where they do not), ``shifts`` (the cheapest crews), ``rosters`` (who of them works when), ``picture`` (a week
drawn).
"""
