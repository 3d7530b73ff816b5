-- Changes citizens, all of it or nothing, if every key expected is as it was read.
-- KEYS: one for each step, in order. ARGV: steps, each a word and its arguments.
-- Every step is checked or harmless before the first write: Lua is atomic, but nothing is rolled back.
local at, steps = 1, #KEYS
for k = 1, steps do
  local word = ARGV[at]
  if word == 'is' then
    if redis.call('GET', KEYS[k]) ~= ARGV[at + 1] then return 0 end
    at = at + 2
  elseif word == 'none' then
    if redis.call('EXISTS', KEYS[k]) == 1 then return 0 end
    at = at + 1
  else
    break
  end
end

-- An index entry is a row of pseudonyms of fixed width, each with ! (proved) or ? (claimed), oldest first.
local WIDTH, CLAIMS = 23, 16 -- claims beyond these are forgotten, the oldest first; proofs never

local function without(entry, citizen)
  local kept, former = {}, nil
  for place = 1, #entry, WIDTH do
    local held = string.sub(entry, place, place + WIDTH - 1)
    if string.sub(held, 1, WIDTH - 1) == citizen then former = held else kept[#kept + 1] = held end
  end
  return kept, former
end

local function write(key, kept)
  if #kept == 0 then redis.call('DEL', key) else redis.call('SET', key, table.concat(kept)) end
end

local function hold(key, held)
  local kept, former = without(redis.call('GET', key) or '', string.sub(held, 1, WIDTH - 1))
  if former and string.sub(former, WIDTH) == '!' then held = former end
  kept[#kept + 1] = held
  local claims = 0
  for place = #kept, 1, -1 do
    if string.sub(kept[place], WIDTH) == '?' then
      claims = claims + 1
      if claims > CLAIMS then table.remove(kept, place) end
    end
  end
  write(key, kept)
end

at = 1
for k = 1, steps do
  local key, word = KEYS[k], ARGV[at]
  if word == 'is' then
    at = at + 2
  elseif word == 'none' then
    at = at + 1
  elseif word == 'set' then
    redis.call('SET', key, ARGV[at + 1])
    at = at + 2
  elseif word == 'for' then
    redis.call('SET', key, ARGV[at + 1], 'EX', ARGV[at + 2])
    at = at + 3
  elseif word == 'del' then
    redis.call('UNLINK', key)
    at = at + 1
  elseif word == 'push' then
    redis.call('RPUSH', key, ARGV[at + 1])
    at = at + 2
  elseif word == 'hold' then
    hold(key, ARGV[at + 1])
    at = at + 2
  elseif word == 'drop' then
    write(key, (without(redis.call('GET', key) or '', ARGV[at + 1])))
    at = at + 2
  elseif word == 'due' then
    redis.call('ZADD', key, ARGV[at + 2], ARGV[at + 1])
    at = at + 3
  elseif word == 'undue' then
    redis.call('ZREM', key, ARGV[at + 1])
    at = at + 2
  end
end
return 1
