#pragma once

// A narrow C face of PocketSphinx for Swift. Each wrapper says why it exists and when it can go.
//
// The header names no PocketSphinx type on purpose: Debian spreads that library's headers over three folders which
// only pkg-config knows, and Swift would need them on every import. The decoder is therefore an opaque structure.

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct lipsmith_pocketsphinx_decoder lipsmith_pocketsphinx_decoder;

/// One recognised phone. `name` belongs to the decoder and lives until the next call on it.
typedef struct lipsmith_pocketsphinx_segment {
    const char *name;
    /// First and last analysis frame (10 ms each), both included.
    int32_t first_frame;
    int32_t last_frame;
} lipsmith_pocketsphinx_segment;

/// Opens a phone-loop decoder; NULL on failure (see lipsmith_pocketsphinx_last_error).
///
/// States less likely than `beam` times the best are dropped, and so are ways out of a phone less likely than `exit_beam`.
///
/// Reason: `cmd_ln_init` is variadic, which Swift cannot call. Goes when Debian ships PocketSphinx 5, whose
/// configuration is set by ordinary functions.
lipsmith_pocketsphinx_decoder *lipsmith_pocketsphinx_open(
    const char *acoustic_model, const char *phone_language_model, const char *language_weight, const char *beam,
    const char *exit_beam);

/// Recognises one whole utterance of 16 kHz mono samples; 0 on success, negative on failure.
///
/// Reason: keeps the start, process and end calls in the one order that is safe (asking for results while no search
/// is active crashes version 0.8). Can go with the header's other wrappers.
int32_t lipsmith_pocketsphinx_decode(lipsmith_pocketsphinx_decoder *decoder, const int16_t *samples, size_t count);

/// Steps through the phones of the last utterance; 1 while there is one, 0 at the end.
///
/// Reason: the library's iterator frees itself at its end and must be freed by hand before it; this owner does both.
/// Can go with the header's other wrappers.
int32_t lipsmith_pocketsphinx_next_segment(
    lipsmith_pocketsphinx_decoder *decoder, lipsmith_pocketsphinx_segment *segment);

/// Frees the decoder; NULL is allowed.
void lipsmith_pocketsphinx_close(lipsmith_pocketsphinx_decoder *decoder);

/// The calling thread's last error message from the library, "" when there was none.
///
/// Reason: the library reports through a variadic callback, which Swift cannot implement. Goes when PocketSphinx
/// offers a callback with a finished text.
const char *lipsmith_pocketsphinx_last_error(void);

#ifdef __cplusplus
}
#endif
