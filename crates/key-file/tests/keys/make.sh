#!/bin/sh
# Makes the files in `files/`: test keys, in every form in which people have them, by the programs that people have.
# Needs openssl 3 with its legacy provider, ssh-keygen, and puttygen (Debian: putty-tools). The tests need none of them.
#
#   sh crates/key-file/tests/keys/make.sh
set -eu
cd "$(dirname "$0")"
rm -rf files
mkdir files
cd files

# The passphrase of every protected file here.
PASS='correct horse'
printf '%s' "$PASS" > passphrase
fingerprint() { ssh-keygen -lf "$1" | cut -d' ' -f1,2 > "$2.fingerprint"; }

# One key per algorithm, as OpenSSL writes it today: PKCS#8 in PEM.
for bits in 2048 3072 4096; do
    openssl genpkey -quiet -algorithm RSA -pkeyopt rsa_keygen_bits:$bits -out rsa-$bits.pkcs8.pem
done
for curve in 256 384 521; do
    openssl genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:P-$curve -out p-$curve.pkcs8.pem
done
openssl genpkey -quiet -algorithm ED25519 -out ed25519.pkcs8.pem
openssl genpkey -quiet -genparam -algorithm DSA -pkeyopt dsa_paramgen_bits:1024 -pkeyopt dsa_paramgen_q_bits:160 -out dsa.parameters
openssl genpkey -quiet -paramfile dsa.parameters -out dsa-1024.pkcs8.pem
rm dsa.parameters

for key in rsa-2048 rsa-3072 rsa-4096 p-256 p-384 p-521 dsa-1024 ed25519; do
    openssl pkcs8 -topk8 -nocrypt -in $key.pkcs8.pem -outform DER -out $key.pkcs8.der
    openssl pkey -in $key.pkcs8.pem -pubout -out $key.public.pem
done
for key in rsa-2048 rsa-3072 rsa-4096 p-256 p-384 p-521 dsa-1024; do
    openssl pkey -in $key.pkcs8.pem -traditional -out $key.traditional.pem
done
openssl rsa -in rsa-3072.pkcs8.pem -traditional -outform DER -out rsa-3072.traditional.der
openssl ec -in p-256.pkcs8.pem -outform DER -out p-256.traditional.der
openssl ecparam -name prime256v1 -out p-256.parameters
cat p-256.parameters p-256.traditional.pem > p-256.with-parameters.pem
rm p-256.parameters

# OpenSSH's own format. ssh-keygen reads OpenSSL's of RSA, EC and DSA, and rewrites a file in place.
openssh() { # name
    cp "$1.traditional.pem" "$1.openssh"
    chmod 600 "$1.openssh"
    ssh-keygen -q -p -N '' -f "$1.openssh"
    ssh-keygen -y -f "$1.openssh" > "$1.pub"
    fingerprint "$1.pub" "$1"
}
for key in rsa-2048 rsa-3072 rsa-4096 p-256 p-384 p-521 dsa-1024; do openssh $key; done
ssh-keygen -q -t ed25519 -N '' -C 'test@example' -f ed25519.openssh
mv ed25519.openssh.pub ed25519.pub
fingerprint ed25519.pub ed25519
for key in rsa-3072 p-256 ed25519 dsa-1024; do
    cp $key.openssh $key.encrypted.openssh
    ssh-keygen -q -p -P '' -N "$PASS" -a 4 -f $key.encrypted.openssh
done
for cipher in aes128-cbc aes256-gcm@openssh.com chacha20-poly1305@openssh.com 3des-cbc; do
    name=ed25519.$(echo $cipher | sed 's/@.*//').openssh
    cp ed25519.openssh "$name"
    ssh-keygen -q -p -P '' -N "$PASS" -a 4 -Z $cipher -f "$name"
done

# The key of an Ed25519 file that OpenSSL wrote, for its fingerprint.
openssl pkey -in ed25519.pkcs8.pem -pubout -outform DER | tail -c 32 > point
{ printf '\0\0\0\013ssh-ed25519\0\0\0\040'; cat point; } | openssl base64 -A | sed 's/^/ssh-ed25519 /' > ed25519.pkcs8.pub
fingerprint ed25519.pkcs8.pub ed25519.pkcs8
rm point

# PKCS#8 under a passphrase.
pkcs8() { name=$1; shift; openssl pkcs8 -topk8 -in "${name%%.*}.pkcs8.pem" -passout "pass:$PASS" -out "$name" "$@"; }
pkcs8 rsa-3072.aes256.pkcs8.pem -v2 aes-256-cbc -v2prf hmacWithSHA256
pkcs8 rsa-3072.aes256.pkcs8.der -v2 aes-256-cbc -v2prf hmacWithSHA256 -outform DER
pkcs8 rsa-2048.aes128-sha1.pkcs8.pem -v2 aes-128-cbc -v2prf hmacWithSHA1
pkcs8 p-384.aes192-sha512.pkcs8.pem -v2 aes-192-cbc -v2prf hmacWithSHA512 -iter 10000
pkcs8 p-256.des3.pkcs8.pem -v2 des3
pkcs8 ed25519.scrypt.pkcs8.pem -scrypt
pkcs8 dsa-1024.aes256.pkcs8.pem -v2 aes-256-cbc
pkcs8 rsa-2048.pbe-sha1-3des.pkcs8.pem -v1 PBE-SHA1-3DES
pkcs8 rsa-2048.pbe-md5-des.pkcs8.pem -v1 PBE-MD5-DES -provider legacy -provider default

# PEM under a passphrase as OpenSSL wrote it once.
for cipher in aes-128-cbc aes-192-cbc aes-256-cbc des-ede3-cbc; do
    openssl rsa -in rsa-3072.pkcs8.pem -traditional -$cipher -passout "pass:$PASS" -out rsa-3072.$cipher.traditional.pem 2>/dev/null
done
openssl ec -in p-256.pkcs8.pem -aes-128-cbc -passout "pass:$PASS" -out p-256.aes-128-cbc.traditional.pem 2>/dev/null
openssl dsa -in dsa-1024.pkcs8.pem -aes-128-cbc -passout "pass:$PASS" -out dsa-1024.aes-128-cbc.traditional.pem 2>/dev/null

# PuTTY.
for key in rsa-3072 p-256 p-384 p-521 ed25519 dsa-1024; do
    for version in 2 3; do
        puttygen $key.openssh -O private -C 'a test key' --ppk-param version=$version -o $key.v$version.ppk
    done
done
for key in rsa-3072 ed25519; do
    for version in 2 3; do
        puttygen $key.v$version.ppk -P --new-passphrase passphrase --ppk-param version=$version,memory=8192,passes=2 -o $key.encrypted.v$version.ppk
    done
done
puttygen ed25519.v3.ppk -P --new-passphrase passphrase --ppk-param kdf=argon2i,memory=1024,passes=2 -o ed25519.argon2i.v3.ppk
puttygen ed25519.v3.ppk -O public -o ed25519.rfc4716

# Certificates and PKCS#12.
certificate() { # key
    openssl req -x509 -new -key "$1.pkcs8.pem" -days 7300 -subj '/C=DE/O=Test Keys, Example/CN=client of a test' -out "$1.certificate.pem"
}
certificate rsa-2048
certificate p-256
openssl x509 -in rsa-2048.certificate.pem -outform DER -out rsa-2048.certificate.der
openssl x509 -in rsa-2048.certificate.pem -noout -fingerprint -sha1 | sed 's/.*=//; s/://g' > rsa-2048.thumbprint
openssl x509 -in p-256.certificate.pem -noout -fingerprint -sha1 | sed 's/.*=//; s/://g' > p-256.thumbprint
openssl x509 -in rsa-2048.certificate.pem -noout -enddate -dateopt iso_8601 | sed 's/.*=//; s/ /T/' > rsa-2048.end
openssl req -new -key rsa-2048.pkcs8.pem -subj '/CN=client of a test' -out rsa-2048.request.pem
openssl req -in rsa-2048.request.pem -outform DER -out rsa-2048.request.der
openssl crl2pkcs7 -nocrl -certfile rsa-2048.certificate.pem -out rsa-2048.p7b
cat rsa-2048.certificate.pem rsa-2048.pkcs8.pem > rsa-2048.certificate-and-key.pem

pfx() { out=$1; key=$2; shift 2; openssl pkcs12 -export -inkey $key.pkcs8.pem -in $key.certificate.pem -name 'a test' -passout "pass:$PASS" -out "$out" "$@"; }
pfx rsa-2048.aes.pfx rsa-2048
pfx p-256.aes.pfx p-256
pfx rsa-2048.legacy-rc2.pfx rsa-2048 -legacy
pfx rsa-2048.legacy-3des.pfx rsa-2048 -legacy -certpbe PBE-SHA1-3DES -keypbe PBE-SHA1-3DES
pfx rsa-2048.chain.pfx rsa-2048 -certfile p-256.certificate.pem
pfx rsa-2048.without-mac.pfx rsa-2048 -nomac
pfx rsa-2048.clear.pfx rsa-2048 -keypbe NONE -certpbe NONE -nomac
pfx rsa-2048.mac-only.pfx rsa-2048 -keypbe NONE -certpbe NONE
openssl pkcs12 -export -nokeys -in rsa-2048.certificate.pem -passout "pass:$PASS" -out rsa-2048.without-key.pfx
openssl pkcs12 -export -nocerts -inkey rsa-2048.pkcs8.pem -passout "pass:$PASS" -out rsa-2048.without-certificate.pfx
openssl pkcs12 -export -inkey rsa-2048.pkcs8.pem -in rsa-2048.certificate.pem -passout pass: -out rsa-2048.empty-passphrase.pfx
openssl pkcs12 -export -inkey rsa-2048.pkcs8.pem -in rsa-2048.certificate.pem -passout 'pass:Schlüssel€' -legacy -out rsa-2048.umlaut.pfx
chmod 644 -- *
