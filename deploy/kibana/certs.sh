#!/bin/sh
# Runs once in the Elasticsearch image: a CA of our own and one certificate for each service, in the volume /certs.
set -eu
certs=${CERTS:-/certs}
tool=${CERTUTIL:-/usr/share/elasticsearch/bin/elasticsearch-certutil}
if [ -f "$certs/kibana.crt" ]; then
    echo "证书已有。"
    exit 0
fi
work=$(mktemp -d)
"$tool" ca --silent --pem --days 3650 --out "$work/ca.zip"
unzip -q "$work/ca.zip" -d "$work"
cat > "$work/instances.yml" <<EOF
instances:
  - name: elasticsearch
    dns: [elasticsearch, localhost]
    ip: [127.0.0.1]
  - name: kibana
    dns: [kibana, localhost]
    ip: [127.0.0.1]
EOF
"$tool" cert --silent --pem --days 1095 --in "$work/instances.yml" --ca-cert "$work/ca/ca.crt" --ca-key "$work/ca/ca.key" --out "$work/certs.zip"
unzip -q "$work/certs.zip" -d "$work"
cp "$work/ca/ca.crt" "$work/ca/ca.key" "$certs/"
cp "$work/elasticsearch/elasticsearch.crt" "$work/elasticsearch/elasticsearch.key" "$certs/"
cp "$work/kibana/kibana.key" "$certs/"
# Readable for group 0, in which both services run; the CA's key for root alone.
chmod 750 "$certs" && chmod 640 "$certs"/* && chmod 600 "$certs/ca.key"
# Last: its presence says that all is there.
cp "$work/kibana/kibana.crt" "$certs/" && chmod 640 "$certs/kibana.crt"
rm -rf "$work"
echo "证书已建立。"
