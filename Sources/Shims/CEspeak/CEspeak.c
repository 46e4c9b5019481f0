#include "CEspeak.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// The library's own structures, of its stable interface (speak_lib.h, revision 12).

typedef struct {
    const char *name;
    const char *languages;
    const char *identifier;
    unsigned char gender;
    unsigned char age;
    unsigned char variant;
    unsigned char unused;
    int score;
    void *spare;
} voice_entry;

typedef struct {
    int type;
    unsigned int unique_identifier;
    int text_position;
    int length;
    int audio_position;
    int sample;
    void *user_data;
    union {
        int number;
        const char *name;
        char string[8];
    } id;
} event;

typedef int (*synth_callback)(short *, int, event *);

enum {
    output_synchronous = 2,
    initialise_phoneme_events = 1,
    initialise_phoneme_ipa = 2,
    initialise_dont_exit = 0x8000,
    event_list_end = 0,
    event_phoneme = 7,
    parameter_rate = 1,
    position_character = 1,
    // IPA, a tie between the letters of a phoneme, and the tie itself.
    phonemes_with_ties = 0x02 | 0x80 | ('^' << 8),
    text_is_utf8 = 1,
    text_ends_with_pause = 0x1000,
};

struct lipsmith_espeak {
    void *library;
    int sample_rate;
    // Reading the voices' files takes milliseconds; a list stays valid until the next one is read.
    const voice_entry **list;
    int list_has_variants;
    const voice_entry **(*list_voices)(voice_entry *);
    int (*set_voice)(const char *);
    int (*set_parameter)(int, int, int);
    int (*synth)(const void *, size_t, unsigned int, int, unsigned int, unsigned int, unsigned int *, void *);
    int (*synchronize)(void);
    int (*terminate)(void);
    const char *(*text_to_phonemes)(const void **, int, int);
};

// The library gives its callback no context but the one inside events, which the last call lacks.
static lipsmith_espeak_samples current_samples;
static lipsmith_espeak_phone current_phone;
static void *current_context;

static int receive(short *samples, int count, event *events) {
    for (; events && events->type != event_list_end; events++) {
        if (events->type != event_phoneme) continue;
        char phone[sizeof events->id.string + 1] = {0};
        memcpy(phone, events->id.string, sizeof events->id.string);
        current_phone(current_context, phone, events->sample);
    }
    if (!samples || count <= 0) return 0;
    return current_samples(current_context, samples, (size_t)count);
}

lipsmith_espeak *lipsmith_espeak_open(const char *library, char *message, size_t size) {
    lipsmith_espeak *engine = calloc(1, sizeof *engine);
    if (!engine) return NULL;
    engine->library = dlopen(library, RTLD_NOW | RTLD_LOCAL);
    if (!engine->library) {
        snprintf(message, size, "%s", dlerror());
        free(engine);
        return NULL;
    }
    int (*initialise)(int, int, const char *, int) = dlsym(engine->library, "espeak_Initialize");
    void (*set_callback)(synth_callback) = dlsym(engine->library, "espeak_SetSynthCallback");
    engine->list_voices = dlsym(engine->library, "espeak_ListVoices");
    engine->set_voice = dlsym(engine->library, "espeak_SetVoiceByName");
    engine->set_parameter = dlsym(engine->library, "espeak_SetParameter");
    engine->synth = dlsym(engine->library, "espeak_Synth");
    engine->synchronize = dlsym(engine->library, "espeak_Synchronize");
    engine->text_to_phonemes = dlsym(engine->library, "espeak_TextToPhonemes");
    engine->terminate = dlsym(engine->library, "espeak_Terminate");
    if (!initialise || !set_callback || !engine->list_voices || !engine->set_voice || !engine->set_parameter ||
        !engine->synth || !engine->synchronize || !engine->terminate || !engine->text_to_phonemes) {
        snprintf(message, size, "%s lacks a function", library);
    } else {
        engine->sample_rate = initialise(
            output_synchronous, 200, NULL, initialise_phoneme_events | initialise_phoneme_ipa | initialise_dont_exit);
        if (engine->sample_rate > 0) {
            set_callback(receive);
            return engine;
        }
        snprintf(message, size, "%s does not start: its data may be missing", library);
    }
    dlclose(engine->library);
    free(engine);
    return NULL;
}

void lipsmith_espeak_close(lipsmith_espeak *engine) {
    engine->terminate();
    dlclose(engine->library);
    free(engine);
}

int32_t lipsmith_espeak_sample_rate(const lipsmith_espeak *engine) { return engine->sample_rate; }

static int32_t entry_at(lipsmith_espeak *engine, int variants, size_t index, lipsmith_espeak_voice *voice) {
    if (!engine->list || engine->list_has_variants != variants) {
        voice_entry wanted = {.languages = "variant"};
        engine->list = engine->list_voices(variants ? &wanted : NULL);
        engine->list_has_variants = variants;
    }
    for (size_t position = 0; engine->list && engine->list[position]; position++) {
        if (position != index) continue;
        const voice_entry *entry = engine->list[position];
        voice->name = entry->name ? entry->name : "";
        voice->language = entry->languages && entry->languages[0] ? entry->languages + 1 : "";
        voice->identifier = entry->identifier ? entry->identifier : "";
        voice->gender = entry->gender;
        return 1;
    }
    return 0;
}

int32_t lipsmith_espeak_voice_at(lipsmith_espeak *engine, size_t index, lipsmith_espeak_voice *voice) {
    return entry_at(engine, 0, index, voice);
}

int32_t lipsmith_espeak_variant_at(lipsmith_espeak *engine, size_t index, lipsmith_espeak_voice *voice) {
    return entry_at(engine, 1, index, voice);
}

int32_t lipsmith_espeak_select(lipsmith_espeak *engine, const char *voice) { return engine->set_voice(voice); }

int32_t lipsmith_espeak_set_rate(lipsmith_espeak *engine, int32_t words_per_minute) {
    return engine->set_parameter(parameter_rate, words_per_minute, 0);
}

int32_t lipsmith_espeak_speak(
    lipsmith_espeak *engine, const char *text, lipsmith_espeak_samples on_samples, lipsmith_espeak_phone on_phone,
    void *context) {
    current_samples = on_samples;
    current_phone = on_phone;
    current_context = context;
    int result = engine->synth(
        text, strlen(text) + 1, 0, position_character, 0, text_is_utf8 | text_ends_with_pause, NULL, NULL);
    return result == 0 ? engine->synchronize() : result;
}

const char *lipsmith_espeak_phonemes(lipsmith_espeak *engine, const char **text) {
    const void *rest = *text;
    const char *phonemes = engine->text_to_phonemes(&rest, text_is_utf8, phonemes_with_ties);
    *text = rest;
    return phonemes ? phonemes : "";
}
