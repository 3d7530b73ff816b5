-- Who holds identifiers, and their sealed records. KEYS: index entries. ARGV: prefix of citizens' keys.
-- All keys share one hash tag, so a cluster keeps the records where the entries are.
local WIDTH = 23
local found = {}
for k, key in ipairs(KEYS) do
  local entry = redis.call('GET', key) or ''
  local row = {entry}
  for place = 1, #entry, WIDTH do
    local citizen = string.sub(entry, place, place + WIDTH - 2)
    row[#row + 1] = citizen
    row[#row + 1] = redis.call('GET', ARGV[1] .. citizen) or ''
  end
  found[k] = row
end
return found
