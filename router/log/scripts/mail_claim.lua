-- Letters that are due to be sent, each for whoever asks first: they are due again only after the claim's end.
-- KEYS[1] the line of letters by due time. ARGV: now, until, most
local due = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[1], 'LIMIT', 0, ARGV[3])
for _, id in ipairs(due) do
  redis.call('ZADD', KEYS[1], ARGV[2], id)
end
return due
