"""How much work comes and how many people it takes.

Rooms: ``counts`` (what came, from a file), ``missing`` (days that lack in it), ``forecast`` (what will come, and how
right that was before), ``intraday`` (the rest of a day, forecast again), ``erlang`` (waiting in a queue), ``staffing``
(people needed by interval where people wait), ``blending`` (what they do between calls), ``backlog`` (hours of work
against a deadline where nobody waits), ``shifts`` (the cheapest crews), ``rosters`` (who of them works when), ``law``
(what working-time law says of it), ``picture`` (a week drawn).
"""
