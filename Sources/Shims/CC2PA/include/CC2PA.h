// libc2pa_c, the C2PA library of the Content Authenticity Initiative, reached through dlopen.
//
// Why dlopen: the library comes in a wheel and lies in the installation's folder. Why own declarations: the wheel has no
// header. The few functions that are used here are stable since 0.80; the version is checked when the library is loaded.
// The library reads strangers' files: call it in a confined process.
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

typedef struct lipsmith_c2pa lipsmith_c2pa;

/// A file that something was made of.
typedef struct lipsmith_c2pa_ingredient {
    /// What the manifest says of it, as JSON.
    const char *definition;
    /// Its media type.
    const char *format;
    /// An open file.
    int descriptor;
} lipsmith_c2pa_ingredient;

/// What shall be signed.
typedef struct lipsmith_c2pa_order {
    /// The library's settings, as JSON.
    const char *settings;
    /// The manifest, as JSON.
    const char *definition;
    /// The media type of the file.
    const char *format;
    /// The open file that is read, and the one that is written and read.
    int source;
    int target;
    const lipsmith_c2pa_ingredient *ingredients;
    size_t ingredient_count;
    /// The certificate of the signer and those above it, in PEM.
    const char *certificates;
    /// One of C2PA's algorithms: 0 ES256, 1 ES384, 2 ES512, 3 PS256, 4 PS384, 5 PS512, 6 Ed25519.
    int algorithm;
    void *context;
    /// Signs; gives the number of bytes of the signature, or -1.
    ssize_t (*sign)(void *context, const uint8_t *bytes, size_t count, uint8_t *signature, size_t capacity);
} lipsmith_c2pa_order;

/// Loads the library; NULL where it is missing or of another version, with a sentence in `message`.
///
/// Reason: dlsym gives untyped pointers.
lipsmith_c2pa *lipsmith_c2pa_open(const char *library, char *message, size_t size);
void lipsmith_c2pa_close(lipsmith_c2pa *library);

/// What the library calls itself and its version.
///
/// Reason: the library's string has to be given back.
void lipsmith_c2pa_version(const lipsmith_c2pa *library, char *text, size_t size);

/// Writes the source with a signed manifest into the target. Gives 0, or -1 with a sentence in `message`.
///
/// `failed_ingredient` gets the position of an ingredient that cannot be read, or -1.
///
/// Reason: streams and callbacks of the library are made of C function pointers.
int lipsmith_c2pa_sign(
    const lipsmith_c2pa *library, const lipsmith_c2pa_order *order, ssize_t *failed_ingredient, char *message, size_t size);

/// What is known of a file's manifest, as JSON in memory of malloc(); NULL with a sentence in `message`, which begins with
/// the library's name of the error.
///
/// Reason: as of `lipsmith_c2pa_sign`.
char *lipsmith_c2pa_read(
    const lipsmith_c2pa *library, const char *settings, const char *format, int descriptor, char *message, size_t size);
