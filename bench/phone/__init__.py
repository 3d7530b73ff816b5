"""What a call costs: Guichet and Asterisk's own `app_queue` on the same Asterisk and the same SIPp load, in one run.

Judged from outside: Asterisk's channel event log, SIPp's logs, /proc. It measures and reports; it never judges,
and no test depends on its figures.
"""
