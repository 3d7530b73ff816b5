-- Appends entries to the log under the fence, renews the lease, and drops what of the inbox is durable.
-- Lua in Redis is atomic but not rolled back: everything is checked before the first write.
-- KEYS  log, lease, generation, inbox, snapshot
-- ARGV  epoch, nonce, generation, lease length (us), n of the entry before, mend (0 or 1),
--       first inbox id to keep (or ''), then the entries' bytes in order; none at all only renews.
local HEAD, LARGEST = 7, 8388608
local previous = tonumber(ARGV[5])
local count = #ARGV - HEAD

-- The fence. Epoch and nonce: nobody acquired since. Generation: this is the data set we knew, not an empty
-- or a restored one. A lease that lapsed but that nobody took is still ours: nothing came in between.
if redis.call('GET', KEYS[3]) ~= ARGV[3] then return {'WIPED', 'its generation is another or gone'} end
local held = redis.call('HMGET', KEYS[2], 'epoch', 'nonce', 'wrote')
if held[1] ~= ARGV[1] or held[2] ~= ARGV[2] then return {'FENCED'} end

for i = HEAD + 1, #ARGV do
  if #ARGV[i] == 0 or #ARGV[i] > LARGEST then return {'SIZE', i - HEAD} end
end

-- The top is read from the stream itself: after a failover a number kept elsewhere might be older or newer.
local last = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)[1]
local top = last and tonumber(string.match(last[1], '^%d+')) or 0
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]

-- A repeat after a lost reply: our last entry is on top, and it was we who wrote the top. Without the writer's
-- nonce, an entry of the owner before us with this number would be taken for ours.
local done = count > 0 and top == previous + count and held[3] == ARGV[2]
if not done then
  if ARGV[6] == '1' then
    -- Mending after lost entries: the snapshot may be ahead of what is left of the log; it stands for them.
    local covered = tonumber(redis.call('HGET', KEYS[5], 'n') or '0')
    if previous ~= top and not (previous > top and previous == covered) then return {'GAP', top} end
  elseif previous ~= top then
    return {'GAP', top}
  end
end

-- First write. Where memory or disk is full it fails (OOM, MISCONF), and nothing has been written yet; those
-- two are judged once per script, so they cannot strike in the middle. XTRIM is never refused: it comes last.
if not done and count > 0 then
  -- After deletions the stream remembers ids higher than its top and would refuse ours. (An empty stream may
  -- go: should XADD be refused then, nothing is lost with it.)
  if ARGV[6] == '1' and last then redis.call('XSETID', KEYS[1], last[1]) end
  if ARGV[6] == '1' and not last then redis.call('DEL', KEYS[1]) end
  for i = 1, count do
    redis.call('XADD', KEYS[1], string.format('%.0f-0', previous + i), 'e', ARGV[HEAD + i])
  end
  redis.call('HSET', KEYS[2], 'until', string.format('%.0f', now + ARGV[4]), 'wrote', ARGV[2],
    'n', string.format('%.0f', previous + count))
else
  redis.call('HSET', KEYS[2], 'until', string.format('%.0f', now + ARGV[4]))
end
if ARGV[7] ~= '' then redis.call('XTRIM', KEYS[4], 'MINID', ARGV[7]) end
return {'OK', now}
