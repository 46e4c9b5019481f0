import CLibAV
import Synchronization

/// Recycled memory for pictures of one size, so that copying a picture does not allocate in the steady state.
final class PicturePool: @unchecked Sendable {
    private struct Size: Hashable {
        let width: Int
        let height: Int
    }

    /// The most sizes that are kept at once: a job has the sizes of its source and its output. More frees all pools.
    private static let mostSizes = 4
    private static let pools = Mutex<[Size: PicturePool]>([:])

    private let width: Int
    private let height: Int
    private let lumaStride: Int
    private let chromaStride: Int
    private let pool: OpaquePointer

    /// The pool for an even size in pixels.
    ///
    /// - Throws: `MediaError` of code `encodingFailed` when there is no memory.
    static func shared(width: Int, height: Int) throws -> PicturePool {
        let found = pools.withLock { pools -> PicturePool? in
            let size = Size(width: width, height: height)
            if let pool = pools[size] { return pool }
            if pools.count >= mostSizes { pools.removeAll() }
            let pool = PicturePool(width: width, height: height)
            pools[size] = pool
            return pool
        }
        guard let found else { throw MediaError.encodingFailed("no memory for a \(width)x\(height) picture pool") }
        return found
    }

    private init?(width: Int, height: Int) {
        self.width = width
        self.height = height
        lumaStride = (width + 63) & ~63
        chromaStride = (width / 2 + 63) & ~63
        // Libraries may read a little past the end of the last row.
        guard let pool = av_buffer_pool_init(lumaStride * height + chromaStride * height + 64, nil) else { return nil }
        self.pool = pool
    }

    deinit {
        var pool: OpaquePointer? = pool
        av_buffer_pool_uninit(&pool)  // memory still in use is freed when its last picture goes
    }

    /// A new picture with undefined content; the caller frees it.
    ///
    /// - Throws: `MediaError` of code `encodingFailed` when there is no memory.
    func picture() throws -> UnsafeMutablePointer<AVFrame> {
        var frame = av_frame_alloc()
        guard let picture = frame, let buffer = av_buffer_pool_get(pool), let base = buffer.pointee.data else {
            av_frame_free(&frame)
            throw MediaError.encodingFailed("no memory for a \(width)x\(height) picture")
        }
        picture.pointee.buf.0 = buffer
        picture.pointee.format = AV_PIX_FMT_YUV420P.rawValue
        picture.pointee.width = Int32(width)
        picture.pointee.height = Int32(height)
        picture.pointee.linesize.0 = Int32(lumaStride)
        picture.pointee.linesize.1 = Int32(chromaStride)
        picture.pointee.linesize.2 = Int32(chromaStride)
        picture.pointee.data.0 = base
        picture.pointee.data.1 = base + lumaStride * height
        picture.pointee.data.2 = base + lumaStride * height + chromaStride * (height / 2)
        return picture
    }
}
