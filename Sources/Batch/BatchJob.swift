import Files
import Settings

/// One photograph of a batch and where its drawing goes.
public struct BatchJob: Equatable, Sendable {
    /// The photograph's path.
    public let input: String
    /// The drawing's path.
    public let output: String
    /// Short name, for messages: the path below the batch's folder.
    public let name: String

    /// Drawings appear whole or not at all, so one that exists is finished.
    public var isDone: Bool { FileStatus(output) != nil }
}

/// What a batch is to draw, and what it found besides.
public struct BatchList: Sendable {
    /// In the order in which they are drawn.
    public internal(set) var jobs: [BatchJob]
    /// Where all drawings go; it need not exist.
    public let folder: String
    /// Names of files that are no pictures as far as their names tell.
    public let leftOut: [String]
    /// Names of pictures, and of folders where those count, that begin with a point.
    public let hidden: [String]
    /// Folders within the batch's that cannot be read.
    public let problems: [StyleError]

    /// - Parameters:
    ///   - photographs: short name and path of each, in order.
    ///   - format: ending of the drawings; `nil` keeps each photograph's own, or png where that cannot be written.
    /// - Throws: `StyleError.unwritableFolder` when `folder` is a file, `.drawingsAmongPhotographs` when a
    ///   drawing would lie among the photographs.
    init(
        _ photographs: [(name: String, path: String)], into folder: String, format: String?, leftOut: [String] = [],
        hidden: [String] = [], problems: [StyleError] = []
    ) throws {
        if FileStatus(folder)?.isFolder == false {
            throw StyleError.unwritableFolder(path: folder, reason: "it is not a folder")
        }
        self.folder = folder
        self.leftOut = leftOut
        self.hidden = hidden
        self.problems = problems
        let format = format.flatMap { FileFormat(fileName: ".\($0)") }
        jobs = photographs.map { name, path in
            BatchJob(input: path, output: "\(folder)/\(DrawingName.of(name, format: format))", name: name)
        }
        // Folders are few, photographs many.
        let sources = Set(Set(jobs.map(\.input.parentFolder)).map { Folder.resolved($0).pathBytes })
        let targets = Set(jobs.map(\.output.parentFolder)).map { Folder.resolved($0).pathBytes }
        guard sources.isDisjoint(with: targets) else {
            throw StyleError.drawingsAmongPhotographs(folder: folder)
        }
    }

    /// This list with every `count`th photograph alone. Which ones these are depends on their own names, so that
    /// machines that begin at different times, or a photograph that is added meanwhile, lose none.
    /// - Parameter number: 1…`count`.
    public func shard(_ number: Int, of count: Int) -> BatchList {
        var result = self
        result.jobs = jobs.filter { Int(NameHash.number($0.name.pathBytes) % UInt64(count)) == number - 1 }
        return result
    }

    /// What a user should know before the batch begins.
    public var notices: [Message] { [leftOutNotice, hiddenNotice].compactMap { $0 } }

    private var leftOutNotice: Message? {
        guard let first = leftOut.first else { return nil }
        let some = leftOut.prefix(Self.mostNames).joined(separator: ", ")
        switch leftOut.count {
        case 1: return "Left out, since its name does not end like a picture’s: \(first)"
        case ...Self.mostNames: return "Left out, since their names do not end like pictures’: \(some)"
        default: return "\(leftOut.count) files left out, since their names do not end like pictures’: \(some), …"
        }
    }

    private var hiddenNotice: Message? {
        guard let first = hidden.first else { return nil }
        let some = hidden.prefix(Self.mostNames).joined(separator: ", ")
        switch hidden.count {
        case 1: return "Left out, since it is hidden: \(first)"
        case ...Self.mostNames: return "Left out, since they are hidden: \(some)"
        default: return "\(hidden.count) left out, since they are hidden: \(some), …"
        }
    }

    private static let mostNames = 5
}
