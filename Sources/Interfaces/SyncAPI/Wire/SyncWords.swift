import Generations

// Words of the domain as this interface spells them. Each has a total table from the domain's.

/// Who may see an asset or a project.
enum SyncVisibility: String, CaseIterable {
    case user = "USER"
    case organisation = "ORGANIZATION"

    init(_ visibility: Visibility) {
        switch visibility {
        case .user: self = .user
        case .organisation: self = .organisation
        }
    }

    var domain: Visibility {
        switch self {
        case .user: .user
        case .organisation: .organisation
        }
    }
}

/// How an asset came to be.
enum SyncAssetOrigin: String, CaseIterable {
    case upload = "UPLOAD"
    case url = "URL"
    case record = "RECORD"
    case speech = "TTS"
    case extract = "EXTRACT"
    case platformImport = "PLATFORM_IMPORT"

    init(_ origin: AssetOrigin) {
        switch origin {
        case .upload: self = .upload
        case .url: self = .url
        case .record: self = .record
        case .speech: self = .speech
        case .extract: self = .extract
        case .platformImport: self = .platformImport
        }
    }
}

/// Where a batch stands.
enum SyncBatchStatus: String, CaseIterable {
    case pending = "PENDING"
    case jobsCreated = "JOBS_CREATED"
    case processing = "PROCESSING"
    case completed = "COMPLETED"
    case failed = "FAILED"

    init(_ status: BatchStatus) {
        switch status {
        case .pending: self = .pending
        case .accepted: self = .jobsCreated
        case .processing: self = .processing
        case .completed: self = .completed
        case .failed: self = .failed
        }
    }

    var domain: BatchStatus {
        switch self {
        case .pending: .pending
        case .jobsCreated: .accepted
        case .processing: .processing
        case .completed: .completed
        case .failed: .failed
        }
    }
}
