// The FFmpeg libraries as Swift sees them: libavformat, libavcodec, libavfilter, libavutil, libswscale, libswresample.
//
// Everything is imported as it is, except what C says with macros or what must be a C function. Each wrapper says why it
// exists and when it can go. Own symbols begin with `lipsmith_av_`.
#pragma once

#include <libavcodec/avcodec.h>
#include <libavfilter/avfilter.h>
#include <libavfilter/buffersink.h>
#include <libavfilter/buffersrc.h>
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

// AVERROR(EAGAIN), for the same reason.
static const int lipsmith_av_error_again = AVERROR(EAGAIN);

// AV_NOPTS_VALUE is a cast of a function-like macro. Can go with the ones above.
static const int64_t lipsmith_av_no_timestamp = AV_NOPTS_VALUE;

// Makes every further open that a demuxer asks for fail, so that a playlist or a reference movie cannot name another
// file or address. In C because the callback must never see a Swift actor or allocate. Can go when libavformat has a
// flag for it.
void lipsmith_av_refuse_nested_opens(AVFormatContext *context);
