; Worked examples of plug-in-anime-style and plug-in-anime-style-batch for GIMP 3. Each is a procedure of its own, to
; call or to copy from:
;
;   run () { gimp-console-3.0 -i -d -f --quit --batch-interpreter=plug-in-script-fu-eval -b "$1"; }
;   run '(script-fu-anime-style-folder "/home/me/photos" "/home/me/drawings" "cel" 100)'
;   run '(anime-style-file "photo.jpg" "drawing.png" "cel")'
;   run '(anime-style-layers "photo.jpg" "drawing.xcf" "cel")'
;
; Arguments are given by name, and what is left out is as the style has it; the procedure browser lists them all.
; Each example asks for version 3 of the language, in which a call returns its value and not a list of it.

; Many photographs: the models are loaded once, a drawing that exists is kept, a file that cannot be drawn is reported
; and the rest goes on. The first argument may be a pattern, such as "/home/me/photos/*.jpg".
(define (script-fu-anime-style-folder photos out-folder style strength)
  (script-fu-use-v3)
  (gimp-message-set-handler CONSOLE)
  (let ((counts (plug-in-anime-style-batch #:pattern photos #:output-folder out-folder #:format "png" #:style style
                                           #:strength strength)))
    (gimp-message (string-append (number->string (car counts)) " drawn, " (number->string (cadr counts)) " failed, "
                                 (number->string (caddr counts)) " kept"))))

; One photograph of any format that GIMP reads, drawn above the photograph and saved flat.
(define (anime-style-file photo drawing style)
  (script-fu-use-v3)
  (let ((image (gimp-file-load RUN-NONINTERACTIVE photo)))
    (if (= (gimp-image-get-base-type image) INDEXED)
        (gimp-image-convert-rgb image))
    (plug-in-anime-style #:image image #:drawables (gimp-image-get-selected-drawables image) #:style style)
    (gimp-file-save RUN-NONINTERACTIVE image drawing)
    (gimp-image-delete image)))

; One photograph as an XCF file with color and lines as layers of their own, the lines half as strong.
(define (anime-style-layers photo drawing style)
  (script-fu-use-v3)
  (let ((image (gimp-file-load RUN-NONINTERACTIVE photo)))
    (plug-in-anime-style #:image image #:drawables (gimp-image-get-selected-drawables image) #:style style
                         #:output "group" #:line-strength 50)
    (gimp-file-save RUN-NONINTERACTIVE image drawing)
    (gimp-image-delete image)))

(script-fu-register
  "script-fu-anime-style-folder"
  ""
  "Draws every photograph of a folder in the style of an anime; drawings that exist already are kept"
  "The gimp-anime-style authors"
  "The gimp-anime-style authors, Apache-2.0"
  "2026"
  ""
  SF-STRING  "Folder of photographs, or a pattern" ""
  SF-DIRNAME "Folder for drawings"   ""
  SF-STRING  "Style"                 "cel"
  SF-ADJUSTMENT "Strength (%)"       '(100 0 100 1 10 0 0))
