"""The independent checker: it reads databases and topics and shares no code
with the system. reading.py loads everything, lanes.py checks the machinery,
rules.py the rules of the domain, views.py the read model, operations.py the
requests that the gateway accepted. check.py is the program."""
