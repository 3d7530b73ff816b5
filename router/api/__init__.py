"""The HTTP gateway: agents, contacts, live feed, page. It decides nothing."""
