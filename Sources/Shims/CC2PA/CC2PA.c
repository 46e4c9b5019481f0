#include "CC2PA.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// The library's types, opaque here. Layouts that cross the boundary by value are spelled out.
typedef struct C2paSettings settings_t;
typedef struct C2paContextBuilder context_builder_t;
typedef struct C2paContext context_t;
typedef struct C2paBuilder builder_t;
typedef struct C2paReader reader_t;
typedef struct C2paSigner signer_t;
typedef struct C2paStream stream_t;
typedef struct C2paHttpResolver resolver_t;

typedef ssize_t (*read_callback)(void *, uint8_t *, ssize_t);
typedef ssize_t (*seek_callback)(void *, ssize_t, int);
typedef ssize_t (*write_callback)(void *, const uint8_t *, ssize_t);
typedef ssize_t (*flush_callback)(void *);
typedef ssize_t (*sign_callback)(void *, const uint8_t *, size_t, uint8_t *, size_t);

typedef int (*http_callback)(void *, const void *, void *);

#define FUNCTIONS(X)                                                                                                \
    X(char *, c2pa_version, (void))                                                                                 \
    X(char *, c2pa_error, (void))                                                                                   \
    X(int, c2pa_error_set_last, (const char *))                                                                     \
    X(int, c2pa_free, (const void *))                                                                               \
    X(settings_t *, c2pa_settings_new, (void))                                                                      \
    X(int, c2pa_settings_update_from_string, (settings_t *, const char *, const char *))                            \
    X(context_builder_t *, c2pa_context_builder_new, (void))                                                        \
    X(int, c2pa_context_builder_set_settings, (context_builder_t *, settings_t *))                                  \
    X(int, c2pa_context_builder_set_http_resolver, (context_builder_t *, resolver_t *))                             \
    X(context_t *, c2pa_context_builder_build, (context_builder_t *))                                               \
    X(resolver_t *, c2pa_http_resolver_create, (const void *, http_callback))                                       \
    X(stream_t *, c2pa_create_stream,                                                                               \
      (void *, read_callback, seek_callback, write_callback, flush_callback))                                       \
    X(void, c2pa_release_stream, (stream_t *))                                                                      \
    X(builder_t *, c2pa_builder_from_context, (context_t *))                                                        \
    X(builder_t *, c2pa_builder_with_definition, (builder_t *, const char *))                                       \
    X(int, c2pa_builder_add_ingredient_from_stream, (builder_t *, const char *, const char *, stream_t *))          \
    X(int64_t, c2pa_builder_sign,                                                                                   \
      (builder_t *, const char *, stream_t *, stream_t *, signer_t *, const uint8_t **))                            \
    X(signer_t *, c2pa_signer_create, (const void *, sign_callback, int, const char *, const char *))               \
    X(reader_t *, c2pa_reader_from_context, (context_t *))                                                          \
    X(reader_t *, c2pa_reader_with_stream, (reader_t *, const char *, stream_t *))                                  \
    X(char *, c2pa_reader_json, (reader_t *))

struct lipsmith_c2pa {
    void *library;
#define DECLARE(result, name, arguments) result(*name) arguments;
    FUNCTIONS(DECLARE)
#undef DECLARE
};

/// The versions whose functions are declared above.
static const char *const known_versions = "c2pa-c-ffi/0.91.";

lipsmith_c2pa *lipsmith_c2pa_open(const char *path, char *message, size_t size) {
    lipsmith_c2pa *made = calloc(1, sizeof *made);
    if (!made) {
        snprintf(message, size, "out of memory");
        return NULL;
    }
    made->library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!made->library) {
        const char *reason = dlerror();
        snprintf(message, size, "%s", reason ? reason : path);
        free(made);
        return NULL;
    }
#define RESOLVE(result, name, arguments)                                                                            \
    *(void **)&made->name = dlsym(made->library, #name);                                                            \
    if (!made->name) {                                                                                              \
        snprintf(message, size, "%s has no " #name, path);                                                          \
        lipsmith_c2pa_close(made);                                                                                  \
        return NULL;                                                                                                \
    }
    FUNCTIONS(RESOLVE)
#undef RESOLVE
    char version[128];
    lipsmith_c2pa_version(made, version, sizeof version);
    if (strncmp(version, known_versions, strlen(known_versions)) != 0) {
        snprintf(message, size, "%s is %s, and %s is needed", path, version, known_versions);
        lipsmith_c2pa_close(made);
        return NULL;
    }
    return made;
}

void lipsmith_c2pa_close(lipsmith_c2pa *library) {
    dlclose(library->library);
    free(library);
}

void lipsmith_c2pa_version(const lipsmith_c2pa *library, char *text, size_t size) {
    char *version = library->c2pa_version();
    snprintf(text, size, "%s", version ? version : "");
    if (version) library->c2pa_free(version);
}

static void take_error(const lipsmith_c2pa *library, char *message, size_t size) {
    char *error = library->c2pa_error();
    snprintf(message, size, "%s", error ? error : "");
    if (error) library->c2pa_free(error);
}

// Streams over file descriptors. The descriptor is the context.

static int descriptor_of(void *context) { return (int)(intptr_t)context; }

static ssize_t read_stream(void *context, uint8_t *bytes, ssize_t count) {
    return read(descriptor_of(context), bytes, (size_t)count);
}

static ssize_t seek_stream(void *context, ssize_t offset, int mode) {
    static const int whence[] = {SEEK_SET, SEEK_CUR, SEEK_END};
    if (mode < 0 || mode > 2) return -1;
    return lseek(descriptor_of(context), offset, whence[mode]);
}

static ssize_t write_stream(void *context, const uint8_t *bytes, ssize_t count) {
    return write(descriptor_of(context), bytes, (size_t)count);
}

static ssize_t flush_stream(void *context) {
    (void)context;
    return 0;
}

static stream_t *make_stream(const lipsmith_c2pa *library, int descriptor) {
    if (lseek(descriptor, 0, SEEK_SET) < 0) return NULL;
    return library->c2pa_create_stream(
        (void *)(intptr_t)descriptor, read_stream, seek_stream, write_stream, flush_stream);
}

/// Refuses every request: nothing that would need a network is done, whatever a manifest names.
static int resolve(void *context, const void *request, void *response) {
    const lipsmith_c2pa *library = context;
    (void)request;
    (void)response;
    library->c2pa_error_set_last("Other: there is no network");
    return -1;
}

/// A context without a network.
static context_t *make_context(const lipsmith_c2pa *library, const char *settings) {
    settings_t *made = library->c2pa_settings_new();
    if (!made) return NULL;
    context_t *context = NULL;
    context_builder_t *builder = NULL;
    if (library->c2pa_settings_update_from_string(made, settings, "json") == 0
        && (builder = library->c2pa_context_builder_new())
        && library->c2pa_context_builder_set_settings(builder, made) == 0) {
        resolver_t *http = library->c2pa_http_resolver_create(library, resolve);
        if (http && library->c2pa_context_builder_set_http_resolver(builder, http) == 0) {
            context = library->c2pa_context_builder_build(builder);
            builder = NULL;
        }
    }
    if (builder) library->c2pa_free(builder);
    library->c2pa_free(made);
    return context;
}

int lipsmith_c2pa_sign(
    const lipsmith_c2pa *library, const lipsmith_c2pa_order *order, ssize_t *failed_ingredient, char *message, size_t size
) {
    int result = -1;
    builder_t *builder = NULL;
    stream_t *source = NULL, *target = NULL;
    signer_t *signer = NULL;
    *failed_ingredient = -1;
    context_t *context = make_context(library, order->settings);
    if (!context) goto failed;
    builder = library->c2pa_builder_from_context(context);
    if (!builder) goto failed;
    // Takes the builder and gives another one.
    builder = library->c2pa_builder_with_definition(builder, order->definition);
    if (!builder) goto failed;
    for (size_t index = 0; index < order->ingredient_count; index++) {
        const lipsmith_c2pa_ingredient *ingredient = &order->ingredients[index];
        stream_t *stream = make_stream(library, ingredient->descriptor);
        int added = stream
            ? library->c2pa_builder_add_ingredient_from_stream(
                builder, ingredient->definition, ingredient->format, stream)
            : -1;
        if (stream) library->c2pa_release_stream(stream);
        if (added != 0) {
            *failed_ingredient = (ssize_t)index;
            goto failed;
        }
    }
    // The library would ask an authority for time stamps over a network of its own, past the resolver.
    signer = library->c2pa_signer_create(order->context, order->sign, order->algorithm, order->certificates, NULL);
    source = make_stream(library, order->source);
    target = make_stream(library, order->target);
    if (!signer || !source || !target) goto failed;
    const uint8_t *manifest = NULL;
    if (library->c2pa_builder_sign(builder, order->format, source, target, signer, &manifest) < 0) goto failed;
    if (manifest) library->c2pa_free(manifest);
    result = 0;
failed:
    if (result != 0) take_error(library, message, size);
    if (source) library->c2pa_release_stream(source);
    if (target) library->c2pa_release_stream(target);
    if (signer) library->c2pa_free(signer);
    if (builder) library->c2pa_free(builder);
    if (context) library->c2pa_free(context);
    return result;
}

char *lipsmith_c2pa_read(
    const lipsmith_c2pa *library, const char *settings, const char *format, int descriptor, char *message, size_t size
) {
    char *text = NULL;
    stream_t *stream = NULL;
    reader_t *reader = NULL;
    context_t *context = make_context(library, settings);
    if (context && (stream = make_stream(library, descriptor)) && (reader = library->c2pa_reader_from_context(context))) {
        // Takes the reader and gives another one.
        reader = library->c2pa_reader_with_stream(reader, format, stream);
        char *json = reader ? library->c2pa_reader_json(reader) : NULL;
        if (json) {
            text = strdup(json);
            library->c2pa_free(json);
        }
    }
    if (!text) take_error(library, message, size);
    if (reader) library->c2pa_free(reader);
    if (stream) library->c2pa_release_stream(stream);
    if (context) library->c2pa_free(context);
    return text;
}
