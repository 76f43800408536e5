/// Everything that can go wrong, each with one sentence: what happened, why, and what to do next.
public enum StyleError: Error, Equatable, Sendable {
    case cancelled
    case modelMissing(name: String, searched: [String])
    case unknownStyle(name: String, known: [String])
    /// It may be in a folder that cannot be looked into.
    case styleOutOfSight(name: String, known: [String], folder: String, reason: Message)
    case modelUnreadable(file: String, reason: Message)
    case modelChecksum(file: String)
    case partDamaged(file: String)
    case programMissing(name: String, folder: String)
    case programUnusable(path: String, reason: Message)
    case network(reason: Message)
    case unreadableFile(path: String, reason: Message)
    case unreadableFolder(path: String, reason: Message)
    case unreadableStream(name: String, reason: Message)
    case noPhotographs(folder: String)
    case noTemporaryRoom
    case tooManyOpenFiles
    case tooLittleMemoryForFile(path: String)
    /// In bytes.
    case tooLittleMemory(needed: Int, available: Int)
    case unwritableFile(path: String, reason: Message)
    /// A file that is no picture.
    case unwritableDocument(path: String, reason: Message)
    case unwritableFolder(path: String, reason: Message)
    case drawingsAmongPhotographs(folder: String)
    case unwritableStream(name: String, reason: Message)
    case fileExists(path: String)
    case pictureTooSmall(width: Int, height: Int, minimum: Int)
    case pictureTooLarge(width: Int, height: Int, maximumPixels: Int)
    case invalidOption(name: String, value: String, allowed: Message)
    case unknownSetting(name: String, known: [String])
}

extension StyleError: CustomStringConvertible, MessageConvertible {
    /// So that a text without a character can be seen.
    private static func shown(_ path: String) -> String { path.isEmpty ? "“”" : path }

    /// The sentence in English.
    public var description: String { message.description }

    /// One sentence: what happened, why, what to do.
    public var message: Message {
        switch self {
        case .cancelled:
            return "Cancelled; the picture was not changed."
        case let .modelMissing(name, searched):
            return
                """
                The model “\(name)” was not found in \(searched.joined(separator: ", ")); put its files there, or \
                install the filter again.
                """
        case let .unknownStyle(name, known):
            let all = known.joined(separator: ", ")
            guard let meant = Similarity.closest(to: name, among: known) else {
                return "The style “\(name)” is not installed; use one of: \(all)."
            }
            return "The style “\(name)” is not installed, perhaps “\(meant)” is meant; use one of: \(all)."
        case let .styleOutOfSight(name, known, folder, reason):
            return
                """
                The style “\(name)” is not among \(known.joined(separator: ", ")), and the folder \(folder) cannot be \
                read (\(reason)); check your rights to it, or use one of these.
                """
        case let .modelUnreadable(file, reason):
            return
                """
                The model file \(file) cannot be used (\(reason)); replace it, or install the filter again if it \
                came with it.
                """
        case let .modelChecksum(file):
            return
                """
                The model file \(file) does not match its checksum, so it is damaged or was changed; install the \
                filter again to restore it.
                """
        case let .partDamaged(file):
            return
                """
                The file \(file) does not match its checksum, so it is damaged or was changed; install the filter \
                again to restore it.
                """
        case let .programMissing(name, folder):
            return
                """
                The program \(name), which reads and writes pictures, is missing in \(folder); install the filter \
                again.
                """
        case let .programUnusable(path, reason):
            return "The program \(path) cannot be started (\(reason)); try again, or install the filter again."
        case let .network(reason):
            return
                """
                The neural network could not run (\(reason)); try again with fast drawing off, or install the \
                filter again.
                """
        case let .unreadableFile(path, reason):
            return "The file \(Self.shown(path)) cannot be read (\(reason)); check the path and that it is a picture."
        case let .unreadableFolder(path, reason):
            return "The folder \(Self.shown(path)) cannot be read (\(reason)); check the path and your rights to it."
        case let .unreadableStream(name, reason):
            return "No picture can be read from \(name) (\(reason)); check what is sent to it."
        case let .noPhotographs(folder):
            return "The folder \(Self.shown(folder)) holds no pictures, as far as names tell; choose another one."
        case .noTemporaryRoom:
            return
                """
                The folder of temporary files takes no more of the picture, perhaps because the disk is full; free \
                some space and try again.
                """
        case .tooManyOpenFiles:
            return
                """
                The system lets no more files be opened at once; end other programs, or raise the limit (ulimit -n).
                """
        case let .tooLittleMemoryForFile(path):
            return
                """
                There is too little memory for the file \(path); close other programs, raise the limit, or scale the \
                picture down.
                """
        case let .tooLittleMemory(needed, available):
            return
                """
                There is too little memory: a drawing takes about \(needed / 1_000_000) MB and \
                \(available / 1_000_000) MB can be had; close other programs, raise the limit, lower Detail, or scale \
                the picture down.
                """
        case let .unwritableFile(path, reason):
            return
                """
                The file \(Self.shown(path)) cannot be written (\(reason)); choose a folder you may write to and a \
                .png, .jpg, .webp or .tif name.
                """
        case let .unwritableDocument(path, reason):
            return "The file \(Self.shown(path)) cannot be written (\(reason)); choose a folder you may write to."
        case let .unwritableFolder(path, reason):
            return "The folder \(Self.shown(path)) takes no files (\(reason)); choose a folder you may write to."
        case let .drawingsAmongPhotographs(folder):
            return "The drawings cannot go to \(folder), where the photographs are; choose another folder for them."
        case let .unwritableStream(name, reason):
            return
                """
                The picture cannot be sent to \(name) (\(reason)); send it to a file or to a program that takes \
                pictures.
                """
        case let .fileExists(path):
            return "The file \(path) exists already and was kept; choose another name or let it be replaced."
        case let .pictureTooSmall(width, height, minimum):
            return
                """
                The picture is \(width)×\(height) pixels, too small to draw; use one of at least \
                \(minimum)×\(minimum).
                """
        case let .pictureTooLarge(width, height, maximumPixels):
            return
                """
                The picture is \(width)×\(height) pixels, more than the \(maximumPixels / 1_000_000) megapixels \
                this filter handles; scale it down first.
                """
        case let .invalidOption(name, value, allowed):
            return "The value \(Self.shown(value)) for \(name) is not allowed; use \(allowed)."
        case let .unknownSetting(name, known):
            let all = known.joined(separator: ", ")
            guard let meant = Similarity.closest(to: name, among: known) else {
                return "There is no setting “\(name)”; use one of: \(all)."
            }
            return "There is no setting “\(name)”, perhaps “\(meant)” is meant; use one of: \(all)."
        }
    }
}
