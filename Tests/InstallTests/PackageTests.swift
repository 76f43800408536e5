import Foundation
import Settings
import XCTest

/// The Debian package, made of the folder that install.sh installed; `tools/check-deb.sh` proves it in a system of its
/// own.
extension InstalledFolderTests {
    private static let share = "./usr/share/gimp-anime-style"

    func testMakesADebianPackageThatLintianAcceptsAndThatRuns() throws {
        let sandbox = try installation()
        let plugIn = ".\(try InstalledGimp.folder("gimplibdir"))/plug-ins/gimp-anime-style"
        let package = try makePackage(sandbox, in: "\(sandbox.folder)/package")
        let listed = try execute("dpkg-deb", ["--contents", package]).text.split(separator: "\n").map(String.init)
        let names = Set(listed.compactMap { $0.split(separator: " ").dropFirst(5).first.map(String.init) })
        for name in [
            "\(plugIn)/gimp-anime-style", "\(plugIn)/libAnimePlugin.so", "\(plugIn)/libtbb.so.12",
            "\(Self.share)/models/cel.onnx",
            "\(Self.share)/detector/onet.onnx", "\(Self.share)/help/en/index.html", "./usr/bin/anime-style",
            "./usr/share/man/man1/anime-style.1.gz", "./usr/share/man/man1/anime-style-batch.1.gz",
            "./usr/share/bash-completion/completions/anime-style", "./usr/share/zsh/vendor-completions/_anime-style",
            "./usr/share/fish/vendor_completions.d/anime-style.fish",
            ".\(try InstalledGimp.folder("gimpdatadir"))/scripts/anime-style-folder.scm",
            "./usr/share/doc/gimp-anime-style/copyright",
            "./usr/share/locale/zh_CN/LC_MESSAGES/gimp-anime-style.mo",
            "./usr/share/locale/de/LC_MESSAGES/gimp-anime-style.mo",
        ] {
            XCTAssertTrue(names.contains(name), name)
        }
        XCTAssertFalse(names.contains("\(plugIn)/command-link"), "this is about one user's installation")
        XCTAssertTrue(listed.allSatisfy { $0.contains(" root/root ") })

        let depends = try execute("dpkg-deb", ["--field", package, "Depends"]).text
        let gimp =
            InstalledGimp.is3
            ? ["gimp (>= 3.0)", "gimp (<< 4)", "libgimp-3.0-0"] : ["gimp (>= 2.10)", "gimp (<< 2.99)", "libgimp2.0"]
        for name in gimp + ["libgegl-0.4-0", "libgexiv2-2", "liblcms2-2 (", "libc6 (", "libstdc++6 ("] {
            XCTAssertTrue(depends.contains(name), "\(name) in \(depends)")
        }
        for name in ["libharfbuzz", "libjson-glib", "libtbb"] {
            XCTAssertFalse(depends.contains(name), "nothing of Debian's \(name) is called: \(depends)")
        }
        let version = try execute("dpkg-deb", ["--field", package, "Version"]).text
        XCTAssertTrue(version.hasPrefix("\(ProductVersion.text)~deb"), "each system has its own package: \(version)")
        let lintian = try execute("lintian", ["--fail-on", "error,warning", package])
        XCTAssertEqual(lintian.status, 0, lintian.text)

        let root = "\(sandbox.folder)/root"
        XCTAssertEqual(try execute("dpkg-deb", ["--extract", package, root]).status, 0)
        for (link, file) in [
            ("models", "cel.json"), ("detector", "pnet.onnx"), ("mesh", "iris_landmark.tflite"),
            ("help", "en/index.html"), ("locale", "fr/LC_MESSAGES/gimp-anime-style.mo"),
        ] {
            XCTAssertTrue(FileManager.default.fileExists(atPath: "\(root)/\(plugIn)/\(link)/\(file)"), link)
        }
        let outcome = try execute("\(root)/usr/bin/anime-style", ["models"], environment: sandbox.environment)
        XCTAssertEqual(outcome.status, 0, outcome.text)
        XCTAssertTrue(outcome.text.contains("cel"), outcome.text)
    }

    /// What the Flatpak of GIMP 3 would need; that it builds cannot be tested without GIMP's runtime.
    func testFlatpakExtensionIsWellFormed() throws {
        let folder = "\(repository)/packaging/org.gimp.GIMP.Plugin.AnimeStyle"
        // From AppStream 1.0 on, which Debian 13 has, a home page is asked for; a project that has none says so.
        // Earlier ones do not know that tag.
        let version = try execute("appstreamcli", ["--version"]).text
        let asks = !version.contains(" 0.")
        let outcome = try execute(
            "appstreamcli",
            ["validate", "--no-net"] + (asks ? ["--override=url-homepage-missing=info"] : []) + [
                "\(folder).metainfo.xml", "\(repository)/Plugin/debian/gimp-anime-style.metainfo.xml",
            ])
        XCTAssertEqual(outcome.status, 0, "\(version): \(outcome.text)")
        let complaints = outcome.text.split(separator: "\n").filter {
            $0.contains("E: ") || $0.contains("W: ")
        }
        XCTAssertEqual(complaints, [], outcome.text)
        let shown = try execute("flatpak-builder", ["--show-manifest", "\(folder).json"])
        XCTAssertEqual(shown.status, 0, shown.text)
        let manifest = try XCTUnwrap(JSONSerialization.jsonObject(with: Data(shown.text.utf8)) as? [String: Any])
        XCTAssertEqual(manifest["id"] as? String, "org.gimp.GIMP.Plugin.AnimeStyle")
        XCTAssertEqual(manifest["runtime"] as? String, "org.gimp.GIMP")
        XCTAssertEqual(manifest["build-extension"] as? Bool, true)
    }

    /// - Returns: path of the package, stored nearly uncompressed to save time.
    private func makePackage(_ sandbox: Sandbox, in folder: String) throws -> String {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let outcome = try execute(
            "\(repository)/tools/make-deb.sh", [sandbox.plugIn, folder],
            environment: ["DPKG_DEB_COMPRESSOR_LEVEL": "0", "SOURCE_DATE_EPOCH": "1700000000"])
        XCTAssertEqual(outcome.status, 0, outcome.text)
        let made = try FileManager.default.contentsOfDirectory(atPath: folder)
        XCTAssertEqual(made.count, 1)
        return "\(folder)/\(try XCTUnwrap(made.first))"
    }
}
