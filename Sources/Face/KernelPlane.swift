import CKernels
import Media

extension Plane {
    /// The plane as the kernels read it; valid as long as the plane.
    package var kernelPlane: lipsmith_plane {
        lipsmith_plane(base: UnsafePointer(base), width: Int32(width), height: Int32(height), stride: stride)
    }
}
