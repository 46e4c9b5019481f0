// The FFmpeg libraries as Swift sees them: libavformat, libavcodec, libavfilter, libavutil, libswscale, libswresample.
//
// Everything is imported as it is, except what C says with macros or what must be a C function. Each wrapper says why it
// exists and when it can go. Own symbols begin with `lipsmith_av_`.
#pragma once

#include <libavcodec/avcodec.h>
#include <libavfilter/avfilter.h>
#include <libavformat/avformat.h>
#include <libavutil/avutil.h>
#include <libavutil/channel_layout.h>
#include <libavutil/display.h>
#include <libavutil/imgutils.h>
#include <libavutil/opt.h>
#include <libavutil/pixdesc.h>
#include <libswresample/swresample.h>

// AVERROR_EOF and AVERROR_INVALIDDATA are built by function-like macros, which Swift does not import.
// Can go when Swift imports function-like macros.
static const int lipsmith_av_error_end_of_file = AVERROR_EOF;
static const int lipsmith_av_error_invalid_data = AVERROR_INVALIDDATA;

// AVERROR(EAGAIN) and AVERROR(ENOMEM), for the same reason.
static const int lipsmith_av_error_again = AVERROR(EAGAIN);
static const int lipsmith_av_error_no_memory = AVERROR(ENOMEM);

// AV_NOPTS_VALUE is a cast of a function-like macro. Can go with the ones above.
static const int64_t lipsmith_av_no_timestamp = AV_NOPTS_VALUE;

// Makes every further open that a demuxer asks for fail, so that a playlist or a reference movie cannot name another
// file or address. In C because the callback must never see a Swift actor or allocate. Can go when libavformat has a
// flag for it.
void lipsmith_av_refuse_nested_opens(AVFormatContext *context);

// A graph of filters from one picture or sound to one.
//
// libavfilter is loaded when the first picture needs it: Debian's brings speech synthesisers, an SVG renderer and thirty
// more libraries along, some 15 MB of memory and a tenth of a second, and a server or an ordinary clip never needs it.
// Can go when libavfilter is built without them.
typedef struct {
    AVFilterGraph *graph;
    AVFilterContext *source;
    AVFilterContext *sink;
} lipsmith_av_filter_graph;

// Whether a filter exists.
int lipsmith_av_has_filter(const char *name);
// Makes a graph for pictures: `source` are the arguments of the filter `buffer`, `steps` a list of filters. Gives 0 or an
// error.
int lipsmith_av_filter_graph_open(
    lipsmith_av_filter_graph *result, const char *source, const char *steps, int thread_count);
// Makes a graph for sound: `source` are the arguments of the filter `abuffer`. Gives 0 or an error.
int lipsmith_av_sound_graph_open(lipsmith_av_filter_graph *result, const char *source, const char *steps);
// Hands a frame to the graph, which takes its content over; NULL is the end. Gives 0 or an error.
int lipsmith_av_filter_graph_send(lipsmith_av_filter_graph *graph, AVFrame *input);
// Takes a frame out. Gives 0, an error, or EAGAIN and the end of file as libavfilter does.
int lipsmith_av_filter_graph_receive(lipsmith_av_filter_graph *graph, AVFrame *output);
// Frees a graph; one that was never made is nothing to free.
void lipsmith_av_filter_graph_close(lipsmith_av_filter_graph *graph);
// Turns one picture into another. Gives 0 or an error.
int lipsmith_av_filter_graph_convert(lipsmith_av_filter_graph *graph, AVFrame *input, AVFrame *output);
