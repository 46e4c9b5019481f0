// OpenSSL's libcrypto as Swift sees it: digests, message authentication, random numbers, comparison in constant time, keys,
// signatures and certificates.
//
// Only functions are used, and Swift imports those as they are; so there is no wrapper, and this target can go when a
// package manifest can name a library and its headers without a target.
#pragma once

// Keys in hardware are reached through engines, which Debian 12 has and providers for them it has not.
#define OPENSSL_SUPPRESS_DEPRECATED

#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/engine.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
