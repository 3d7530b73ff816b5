"""The phone gateway: Asterisk's words to events, effects to Asterisk's actions. It decides nothing.

Read in the order a call passes: something is said, `reduce` gives Do, Tell or Look, the shell does it.

    gateway.py        joins the parts: hears the log and Asterisk, has done what follows
    hands.py          carries out one action and says how it went
    looks.py          looks at the channels when something is not known
    works.py          holds the tasks that run beside the calls
    settings.py       names what it must be told
    agi_server.py     takes Asterisk's connections for new calls, bounded
    agi_token.py      knows our dialplan by the proof that it sends
    agi.py            talks with one call: commands out, replies in
    menu.py           asks for language and topic
    entry.py          brings a call from the menu to a durable contact, then gives the receipt
    ruling.py         remembers the policy that rules: which languages and topics there are to ask for
    wire.py           keeps the AMI link: events in, actions out; asked.py holds one on its way
    frame.py          cuts AMI's bytes into messages, and those into header lines
    ami.py            types what AMI says; ami_actions.py what is asked of it
    said.py           names all that can be said, and Do, Tell, Look
    reduce.py         chooses, for each thing said, one of the pure rules below
    asterisk_said.py  rules what Asterisk's events and answers mean for a call
    core_said.py      rules what the core's effects and answers mean for it
    seen.py           rules what a look at the channels means: who is there, who has left
    controls.py       rules what is asked of a conversation: hold, consult, complete, listen, record
    controls_heard.py rules what Asterisk then says of it: who is in which bridge
    controls_ended.py rules what becomes of the others when one of them hangs up
    controls_aside.py rules listeners and recordings; controls_seen.py what a look at the channels says
    controls_talk.py  holds who of the three talks to whom; controls_ami.py adds to ami what that needs
    calls.py          changes the calls in hand
    call.py           holds one call: the caller's channel, the agent's leg
    ami_agents.py     adds to ami what concerns agents' phones and the native queue's members
    devices.py        knows which agents' phones are busy with calls of their own, or not there
    native_queue.py   rules whose phones Asterisk's own queue may ring; native_queue_run.py keeps it so
    resync.py         makes Asterisk's channels and the state agree after each login
    readoption.py     takes callers back from Asterisk's own queue (native_queue_callers.py: who they are)
    drift.py          compares channels, calls and state; drift_watch.py does so every minute
    outbox.py         tells the core (Tell), in order for each contact, while the log is away too
    announce.py       answers the dialplan's question for a waiting caller's place and wait
    recordings.py     deletes recordings whose time is over
    beat.py           sets what Asterisk's dialplan must know: that we live, how long a phone rings
"""
