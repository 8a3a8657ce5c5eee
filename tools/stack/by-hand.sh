# shellcheck shell=bash
# Speak to a registry from a terminal, with nothing but curl and openssl:
#   . tools/stack/by-hand.sh
#   register Carol
#   signed POST "/agents/$agent/listings" '{"skill_id":"summarise","base_price":"12.50"}'
registry=${REGISTRY_URL:-http://localhost:8000}
by_hand=$(mktemp -d)

# register NAME: makes a key, registers it, and keeps the id in $agent. What the registry refuses is told, and changes neither.
register() {
  local key name status
  openssl genpkey -algorithm ed25519 -out "$by_hand/new-key.pem"
  key=$(openssl pkey -in "$by_hand/new-key.pem" -pubout -outform DER | tail -c 32 | od -An -tx1 | tr -d ' \n')
  name=${1//\\/\\\\}
  name=${name//\"/\\\"}
  status=$(curl -sS "$registry/agents" -H 'content-type: application/json' -o "$by_hand/answer.json" -w '%{http_code}' \
    -d "{\"public_key\":\"$key\",\"display_name\":\"$name\"}") || return 1
  if [ "$status" != 201 ]; then
    cat "$by_hand/answer.json" >&2
    return 1
  fi
  mv "$by_hand/new-key.pem" "$by_hand/key.pem"
  cat "$by_hand/answer.json"
  agent=$(sed 's/.*"agent_id":"\([^"]*\).*/\1/' "$by_hand/answer.json")
}

# signed METHOD PATH [BODY]: a request signed by that key, with a nonce of its own.
signed() {
  local body="${3-}" time nonce hash signature
  time=$(date -u +%FT%TZ)
  nonce=$(openssl rand -hex 16)
  hash=$(printf %s "$body" | openssl dgst -sha256 -r | cut -c1-64)
  printf '%s\n%s\n%s\n%s' "$time" "$1" "${2%%\?*}" "$hash" > "$by_hand/message"
  signature=$(openssl pkeyutl -sign -inkey "$by_hand/key.pem" -rawin -in "$by_hand/message" | od -An -tx1 | tr -d ' \n')
  curl -s -X "$1" "$registry$2" -H "authorization: AgentSig $agent:$signature" -H "x-timestamp: $time" \
    -H "x-nonce: $nonce" -H 'content-type: application/json' ${body:+-d "$body"}
}
