"""The whole system from outside: stack, services, HTTP client, mail, people.

Standard library only. Used by tools/run and tools/demo, and by tests/system as
the base of its harness.
"""
