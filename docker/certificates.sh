#!/bin/sh
# Makes the certificates of a KurrentDB cluster, unless they were made before: an authority, whose key is thrown away as soon as it has
# signed, and a key with its certificate for each node.
#   NODES      the host names, with a space between them
#   AUTHORITY  folder for ca.crt, which whoever connects must have
#   KEYS       folder for <node>.crt and <node>.key
#   OWNER      who may read the keys, as user:group
set -eu

if [ -z "${KURRENTDB_PASSWORD:-}" ]; then
  echo "KURRENTDB_PASSWORD is not set: set it in .env to what openssl rand -hex 24 prints." >&2
  exit 1
fi
if [ -s "$AUTHORITY/ca.crt" ]; then exit 0; fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
umask 077

openssl req -x509 -newkey rsa:2048 -nodes -sha256 -days 3650 -subj "/O=Entente/CN=Entente KurrentDB" \
  -addext "keyUsage=critical,keyCertSign,cRLSign" -keyout "$work/ca.key" -out "$work/ca.crt"

for node in $NODES; do
  openssl req -newkey rsa:2048 -nodes -sha256 -subj "/CN=eventstoredb-node" -keyout "$KEYS/$node.key" -out "$work/$node.csr"
  cat >"$work/$node.ext" <<EXTENSIONS
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature, keyEncipherment
extendedKeyUsage = serverAuth, clientAuth
subjectAltName = DNS:$node, DNS:localhost
EXTENSIONS
  openssl x509 -req -sha256 -days 3650 -in "$work/$node.csr" -CA "$work/ca.crt" -CAkey "$work/ca.key" -CAcreateserial \
    -extfile "$work/$node.ext" -out "$KEYS/$node.crt"
done
chown -R "$OWNER" "$KEYS"

# Last, because it says that all is made.
cp "$work/ca.crt" "$AUTHORITY/ca.crt.new"
chmod 444 "$AUTHORITY/ca.crt.new"
mv "$AUTHORITY/ca.crt.new" "$AUTHORITY/ca.crt"
