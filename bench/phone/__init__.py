"""What a call costs: Guichet and Asterisk's own `app_queue` on one Asterisk, under one SIPp load, in one run.

Judged from outside: Asterisk's channel event log, SIPp's logs, /proc. It measures and reports; no figure of
its own is ever a reason to fail, and no test depends on one.
"""
