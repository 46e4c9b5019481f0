#include "CPocketSphinx.h"

#include <pocketsphinx.h>
#include <sphinxbase/err.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct lipsmith_pocketsphinx_decoder {
    ps_decoder_t *decoder;
    cmd_ln_t *configuration;
    ps_seg_t *iterator;
    int has_result;
};

static _Thread_local char last_error[512];

// Keeps the newest error of this thread instead of writing the library's log to the terminal.
static void keep_error(void *user, err_lvl_t level, const char *format, ...) {
    (void)user;
    if (level < ERR_ERROR) return;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(last_error, sizeof last_error, format, arguments);
    va_end(arguments);
    size_t length = strlen(last_error);
    while (length > 0 && last_error[length - 1] == '\n') last_error[--length] = '\0';
}

const char *lipsmith_pocketsphinx_last_error(void) { return last_error; }

lipsmith_pocketsphinx_decoder *lipsmith_pocketsphinx_open(
    const char *acoustic_model, const char *phone_language_model, const char *language_weight, const char *beam,
    const char *exit_beam) {
    last_error[0] = '\0';
    err_set_callback(keep_error, NULL);
    // The configuration is printed past the callback, to this file.
    err_set_logfp(NULL);
    lipsmith_pocketsphinx_decoder *self = calloc(1, sizeof *self);
    if (self == NULL) return NULL;
    // Context-independent phones: with triphones the loop is slower than real time.
    // The front end must not drop silent frames, or phone times would slip against the sound.
    self->configuration = cmd_ln_init(
        NULL, ps_args(), TRUE, "-hmm", acoustic_model, "-allphone", phone_language_model, "-allphone_ci", "yes", "-lw",
        language_weight, "-beam", beam, "-pbeam", exit_beam, "-remove_silence", "no", "-remove_noise", "no", NULL);
    if (self->configuration != NULL) self->decoder = ps_init(self->configuration);
    if (self->decoder == NULL) {
        lipsmith_pocketsphinx_close(self);
        return NULL;
    }
    return self;
}

static void drop_iterator(lipsmith_pocketsphinx_decoder *self) {
    if (self->iterator != NULL) ps_seg_free(self->iterator);
    self->iterator = NULL;
    self->has_result = 0;
}

int32_t lipsmith_pocketsphinx_decode(lipsmith_pocketsphinx_decoder *self, const int16_t *samples, size_t count) {
    last_error[0] = '\0';
    drop_iterator(self);
    if (ps_start_utt(self->decoder) < 0) return -1;
    // "Full utterance" lets the front end take the mean of the whole utterance off its features.
    int processed = ps_process_raw(self->decoder, samples, count, FALSE, TRUE);
    int ended = ps_end_utt(self->decoder);
    if (processed < 0 || ended < 0) return -1;
    self->has_result = 1;
    return 0;
}

int32_t lipsmith_pocketsphinx_next_segment(
    lipsmith_pocketsphinx_decoder *self, lipsmith_pocketsphinx_segment *segment) {
    if (self->has_result) {
        self->has_result = 0;
        self->iterator = ps_seg_iter(self->decoder);
    } else if (self->iterator != NULL) {
        self->iterator = ps_seg_next(self->iterator);
    }
    if (self->iterator == NULL) return 0;
    int first = 0, last = 0;
    ps_seg_frames(self->iterator, &first, &last);
    segment->name = ps_seg_word(self->iterator);
    segment->first_frame = first;
    segment->last_frame = last;
    return 1;
}

void lipsmith_pocketsphinx_close(lipsmith_pocketsphinx_decoder *self) {
    if (self == NULL) return;
    drop_iterator(self);
    if (self->decoder != NULL) ps_free(self->decoder);
    if (self->configuration != NULL) cmd_ln_free_r(self->configuration);
    free(self);
}
