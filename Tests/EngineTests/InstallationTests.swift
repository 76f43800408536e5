import Engine
import Foundation
import XCTest

final class InstallationTests: FolderTestCase {
    func testInstallationFollowsLinksAndTheEnvironment() throws {
        for name in ["a", "b"] {
            try FileManager.default.createDirectory(atPath: "\(folder)/\(name)", withIntermediateDirectories: true)
        }
        let program = folder + "/a/anime-style"
        try Data().write(to: URL(fileURLWithPath: program))
        try FileManager.default.createSymbolicLink(atPath: folder + "/b/link", withDestinationPath: program)
        let real = URL(fileURLWithPath: folder).resolvingSymlinksInPath().path
        let found = Installation(
            executable: folder + "/b/link", environment: ["HOME": "/home/x", "XDG_CONFIG_HOME": "relative"])
        XCTAssertEqual(found.program, real + "/a/anime-style")
        XCTAssertEqual(found.modelFolder, real + "/a/models")
        XCTAssertEqual(found.userModelFolder, "/home/x/.config/gimp-anime-style/models")
        XCTAssertEqual(found.detectorFolder, real + "/a/detector")
        XCTAssertEqual(found.meshFolder, real + "/a/mesh")
        let other = Installation(
            executable: "/x/y",
            environment: ["GIMP_ANIME_STYLE_HOME": "/parts", "XDG_CONFIG_HOME": "/c", "XDG_CACHE_HOME": "/k"])
        XCTAssertEqual(other.modelFolder, "/parts/models")
        XCTAssertEqual(other.userModelFolder, "/c/gimp-anime-style/models")
        XCTAssertEqual(other.cacheFolder, "/k/gimp-anime-style")
    }
}
