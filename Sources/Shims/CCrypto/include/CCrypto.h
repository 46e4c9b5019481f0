// OpenSSL's libcrypto as Swift sees it: digests, message authentication, random numbers, comparison in constant time.
//
// Only functions are used, and Swift imports those as they are; so there is no wrapper, and this target can go when a
// package manifest can name a library and its headers without a target.
#pragma once

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
