extension DrawnMouth {
    /// A `DrawnMouth.View` addressed by pixels of a frame.
    struct PixelView {
        private let view: DrawnMouth.View
        private let teeth: CanonicalPlane
        private let lips: CanonicalPlane

        init(_ view: DrawnMouth.View, shape: [SIMD3<Float>], depth: Float, picture: (SIMD3<Float>) -> SIMD2<Float>) {
            self.view = view
            teeth = CanonicalPlane(depth: depth, picture: picture)
            let lipDepth = (shape[MouthIndex.upperMiddle].z + shape[MouthIndex.lowerMiddle].z) / 2
            lips = CanonicalPlane(depth: lipDepth, picture: picture)
        }

        /// `View.lipLineLight` at a pixel.
        func lipLineLight(_ pixel: SIMD2<Float>) -> Float { view.lipLineLight(lips.canonical(pixel)) }

        /// Luma over black (plane 0) or chroma around 0 (planes 1 and 2) at a pixel; `nil` outside the mouth.
        func value(_ plane: Int, _ pixel: SIMD2<Float>) -> Float? {
            let lip = lips.canonical(pixel)
            guard view.isInside(lip) else { return nil }
            let place = teeth.canonical(pixel)
            let color = view.color(teeth: place, lips: lip)
            return plane == 0 ? color.x + view.grain(place) : color[plane]
        }
    }
}
