"""The vault's store in memory: for tests of what is sealed, not of where it lies."""


class Drawer:
    """`citizens.vault.Store`; expiry is the store's own business."""

    def __init__(self):
        self.sealed = {}
        self.ttl = {}

    async def put(self, contact, sealed, ttl_s):
        self.sealed[contact], self.ttl[contact] = sealed, ttl_s

    async def get(self, contact):
        return self.sealed.get(contact)

    async def scan(self, cursor, count):
        return 0, list(self.sealed)

    async def replace(self, contact, sealed):
        self.sealed[contact] = sealed

    async def delete(self, contact):
        self.sealed.pop(contact, None)
