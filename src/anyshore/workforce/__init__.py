"""How much work comes and how many people it takes: forecast of arrivals, staffing by Erlang C.

Rooms: ``forecast`` (arrivals by interval of the week), ``erlang`` (waiting and staffing of a queue).
"""
