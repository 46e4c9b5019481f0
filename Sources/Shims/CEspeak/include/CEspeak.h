// espeak-ng's C API, reached through dlopen.
//
// Why a library and not the program espeak-ng: the program does not tell when each phone is spoken. Why dlopen: the
// library is under the GPL and must be no part of this program; it is loaded only by a confined child, on machines
// where it is installed. Why own declarations: nothing of the library may be needed to build. This target can go when
// the program writes the times of phones.
#pragma once

#include <stddef.h>
#include <stdint.h>

typedef struct lipsmith_espeak lipsmith_espeak;

/// A voice of the library; the texts belong to it.
typedef struct lipsmith_espeak_voice {
    const char *name;
    /// The first of the voice's languages.
    const char *language;
    /// The voice's file below the library's data.
    const char *identifier;
    /// 0 unknown, 1 male, 2 female.
    int32_t gender;
} lipsmith_espeak_voice;

/// Takes samples of 16 bits; returns 0 to go on.
typedef int32_t (*lipsmith_espeak_samples)(void *context, const int16_t *samples, size_t count);
/// Takes a phone in IPA and the sample with which it begins.
typedef void (*lipsmith_espeak_phone)(void *context, const char *phone, int64_t sample);

/// Loads and starts the library; NULL where it is missing or does not start, with a sentence in `message`.
///
/// Reason: dlsym gives untyped pointers. One at a time for each process: the library keeps global state.
lipsmith_espeak *lipsmith_espeak_open(const char *library, char *message, size_t size);
void lipsmith_espeak_close(lipsmith_espeak *engine);

/// Samples a second.
int32_t lipsmith_espeak_sample_rate(const lipsmith_espeak *engine);

/// The voice at a position of the list; 0 beyond its end.
///
/// Reason: the library's list begins each language with a byte of priority, which no string type of Swift has.
int32_t lipsmith_espeak_voice_at(lipsmith_espeak *engine, size_t index, lipsmith_espeak_voice *voice);

/// The same for the variants that every voice has; their identifiers are `!v/` and a name.
int32_t lipsmith_espeak_variant_at(lipsmith_espeak *engine, size_t index, lipsmith_espeak_voice *voice);

/// Chooses a voice by its identifier or language, with `+variant` behind it where wanted; 0 is success.
int32_t lipsmith_espeak_select(lipsmith_espeak *engine, const char *voice);

/// Words a minute, 80 … 450; 0 is success.
int32_t lipsmith_espeak_set_rate(lipsmith_espeak *engine, int32_t words_per_minute);

/// Speaks UTF-8 as plain text, without markup; 0 is success.
///
/// Reason: the callback's events are an array of structures with a union that ends at a special one.
int32_t lipsmith_espeak_speak(
    lipsmith_espeak *engine, const char *text, lipsmith_espeak_samples on_samples, lipsmith_espeak_phone on_phone,
    void *context);

/// The phonemes of the next clause of UTF-8 text in IPA, with `^` between the letters of one phoneme; valid until the next
/// call. `text` is moved on, and is NULL behind the last clause.
///
/// Reason: the library moves a pointer into the text, which must not move meanwhile.
const char *lipsmith_espeak_phonemes(lipsmith_espeak *engine, const char **text);
