"""The independent checker: reads databases and topics, shares no code with the
system. reading.py gets everything, lanes.py judges the machinery, rules.py the
rules of the domain, views.py the read model, operations.py what the gateway
has accepted; check.py is the program."""
