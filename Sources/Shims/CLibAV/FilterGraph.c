#include "CLibAV.h"

#include <dlfcn.h>
#include <pthread.h>

// The functions of libavfilter that are used; all of them, or none where the library is missing.
static struct {
    void *library;
    AVFilterGraph *(*graph_alloc)(void);
    void (*graph_free)(AVFilterGraph **);
    const AVFilter *(*get_by_name)(const char *);
    int (*create_filter)(AVFilterContext **, const AVFilter *, const char *, const char *, void *, AVFilterGraph *);
    AVFilterInOut *(*inout_alloc)(void);
    void (*inout_free)(AVFilterInOut **);
    int (*parse)(AVFilterGraph *, const char *, AVFilterInOut **, AVFilterInOut **, void *);
    int (*configure)(AVFilterGraph *, void *);
    int (*send)(AVFilterContext *, AVFrame *, int);
    int (*receive)(AVFilterContext *, AVFrame *);
} filters;

static void load(void) {
    // The number is that of the headers that this file is compiled with.
    void *library = dlopen("libavfilter.so." AV_STRINGIFY(LIBAVFILTER_VERSION_MAJOR), RTLD_NOW | RTLD_LOCAL);
    if (library == NULL) return;
    *(void **)&filters.graph_alloc = dlsym(library, "avfilter_graph_alloc");
    *(void **)&filters.graph_free = dlsym(library, "avfilter_graph_free");
    *(void **)&filters.get_by_name = dlsym(library, "avfilter_get_by_name");
    *(void **)&filters.create_filter = dlsym(library, "avfilter_graph_create_filter");
    *(void **)&filters.inout_alloc = dlsym(library, "avfilter_inout_alloc");
    *(void **)&filters.inout_free = dlsym(library, "avfilter_inout_free");
    *(void **)&filters.parse = dlsym(library, "avfilter_graph_parse_ptr");
    *(void **)&filters.configure = dlsym(library, "avfilter_graph_config");
    *(void **)&filters.send = dlsym(library, "av_buffersrc_add_frame_flags");
    *(void **)&filters.receive = dlsym(library, "av_buffersink_get_frame");
    filters.library = library;
}

static int is_loaded(void) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, load);
    return filters.library != NULL;
}

int lipsmith_av_has_filter(const char *name) { return is_loaded() && filters.get_by_name(name) != NULL; }

static int open_graph(
    lipsmith_av_filter_graph *result, const char *first, const char *last, const char *source, const char *steps,
    int thread_count) {
    if (!is_loaded()) return AVERROR_FILTER_NOT_FOUND;
    AVFilterGraph *graph = filters.graph_alloc();
    AVFilterInOut *outputs = filters.inout_alloc();
    AVFilterInOut *inputs = filters.inout_alloc();
    int status = AVERROR(ENOMEM);
    if (graph == NULL || outputs == NULL || inputs == NULL) goto done;
    graph->nb_threads = thread_count;
    status = filters.create_filter(&result->source, filters.get_by_name(first), "in", source, NULL, graph);
    if (status < 0) goto done;
    status = filters.create_filter(&result->sink, filters.get_by_name(last), "out", NULL, NULL, graph);
    if (status < 0) goto done;
    outputs->name = av_strdup("in");
    outputs->filter_ctx = result->source;
    inputs->name = av_strdup("out");
    inputs->filter_ctx = result->sink;
    status = filters.parse(graph, steps, &inputs, &outputs, NULL);
    if (status >= 0) status = filters.configure(graph, NULL);
done:
    filters.inout_free(&outputs);
    filters.inout_free(&inputs);
    if (status < 0) filters.graph_free(&graph);
    result->graph = graph;
    return status;
}

int lipsmith_av_filter_graph_open(
    lipsmith_av_filter_graph *result, const char *source, const char *steps, int thread_count) {
    return open_graph(result, "buffer", "buffersink", source, steps, thread_count);
}

int lipsmith_av_sound_graph_open(lipsmith_av_filter_graph *result, const char *source, const char *steps) {
    return open_graph(result, "abuffer", "abuffersink", source, steps, 1);
}

void lipsmith_av_filter_graph_close(lipsmith_av_filter_graph *graph) {
    if (graph->graph != NULL) filters.graph_free(&graph->graph);
}

int lipsmith_av_filter_graph_convert(lipsmith_av_filter_graph *graph, AVFrame *input, AVFrame *output) {
    int status = filters.send(graph->source, input, 0);
    return status < 0 ? status : filters.receive(graph->sink, output);
}

int lipsmith_av_filter_graph_send(lipsmith_av_filter_graph *graph, AVFrame *input) {
    return filters.send(graph->source, input, 0);
}

int lipsmith_av_filter_graph_receive(lipsmith_av_filter_graph *graph, AVFrame *output) {
    return filters.receive(graph->sink, output);
}
