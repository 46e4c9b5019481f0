import Generations
import HTTP
import Text

/// Why a request about an upload is refused.
enum UploadRefusal {
    case gone
    case tooLarge(limit: Int64)
    case tooMany
    case offsetMissing
    /// With the number of bytes that are there.
    case offsetWrong(Int64)
    case tooManyBytes(PartialUpload)
    case incomplete(PartialUpload)
    case notMedia

    /// The answer.
    var error: LipsmithRefusal {
        func error(
            _ status: HTTPStatus, _ code: String, _ message: String, _ suggestion: String, field: String? = nil,
            offset: Int64? = nil
        ) -> LipsmithRefusal {
            LipsmithRefusal(
                status, code, message, suggestion: suggestion, field: field,
                facts: offset.map { ["offset": .integer($0)] } ?? [:])
        }
        switch self {
        case .gone:
            return error(
                .notFound, "upload-not-found", "There is no such upload.",
                "Announce the file again; an upload that gets no byte for a day is deleted.")
        case .tooLarge(let limit):
            return error(
                .contentTooLarge, FailureCode.fileTooLarge.rawValue, "byteCount is above the limit of \(limit) bytes.",
                "Compress or cut the file.", field: "byteCount")
        case .tooMany:
            return error(
                .tooManyRequests, "upload-limit-reached",
                "The organisation has \(PartialUpload.mostPerOrganisation) unfinished uploads.",
                "Finish or delete some of them.")
        case .offsetMissing:
            return error(
                .badRequest, FailureCode.requestInvalid.rawValue, "Upload-Offset must be given once, a whole number.",
                "Send the upload's offset in this header.", field: "Upload-Offset")
        case .offsetWrong(let current):
            return error(
                .conflict, "upload-offset-wrong", "The upload has \(current) bytes.",
                "Send the bytes from there on.", field: "Upload-Offset", offset: current)
        case .tooManyBytes(let upload):
            return error(
                .badRequest, "upload-beyond-size",
                "The piece reaches beyond the \(upload.byteCount) bytes that were announced.",
                "Send the announced bytes alone, or announce the file again with its size.", field: "byteCount")
        case .incomplete(let upload):
            return error(
                .conflict, "upload-incomplete",
                "The upload has \(upload.offset) of the \(upload.byteCount) bytes that were announced.",
                "Send the bytes from there on first.", offset: upload.offset)
        case .notMedia:
            return error(
                HTTPStatus(rawValue: 422), "file-unusable",
                "The file is no video, picture or sound that this server can decode.",
                "Convert it to MP4, JPEG, PNG, WAV or MP3, and delete this upload.")
        }
    }
}
