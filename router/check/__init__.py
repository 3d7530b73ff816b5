"""`guichet check`: tries what `guichet serve` will need, one finding per thing, each with its mend.

It changes nothing: no lease is taken, no key is made, no Redis is started.
"""
