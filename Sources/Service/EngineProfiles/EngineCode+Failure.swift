public import Generations
public import LipSync

extension EngineCode {
    /// What a refusal or failure of the engine means for a job: the one table, for jobs and voices alike.
    public var failure: FailureCode {
        switch self {
        // The domain has one code for videos and pictures, and none for the many ways in which a face is unusable.
        case .noFaceFound, .driveWithoutFace, .faceTooSmall, .faceTurnedAway, .videoInvalid, .imageInvalid:
            .videoUnusable
        case .audioInvalid: .audioUnusable
        case .faceSelectionInvalid: .speakerInvalid
        case .segmentsInvalid: .segmentsInvalid
        case .trimInvalid: .trimInvalid
        case .resolutionUnsupported: .pictureSizeUnsupported
        case .durationGreaterThanMaximum: .inputTooLong
        case .tooManyPictures: .requestInvalid
        case .installationIncomplete, .cancelled: .partUnavailable
        case .inputUnreadable, .outputUnwritable: .storageFailed
        case .outputDiskFull: .resourcesExhausted
        case .outputEncodingFailed, .stepUnusable, .engineFailed: .processingFailed
        }
    }

    /// The codes that say of a picture that nobody in it can speak.
    public static let withoutSubject: Set<EngineCode> = [.noFaceFound, .faceTooSmall, .faceTurnedAway]
}
